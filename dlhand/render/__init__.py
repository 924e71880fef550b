"""How a derivation is shown: as LaTeX, as plain text, as HTML with MathML.

`names` reads and spells names; `templates` lays out a formula once for each format; `writers` and
`mathml` are the formats; `parts` makes lines of a derivation; `latex`, `text` and `html` make pages
of lines. Nothing here knows what an operation does: its notation is data in its row.
"""
