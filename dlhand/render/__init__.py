"""How a derivation is shown: as LaTeX, as plain text, as HTML with MathML.

`names` reads and spells names; `boxes` makes a tree of a formula, once; `writers` and `mathml` are
the formats that spell it, `typeset` measures its LaTeX; `parts` makes lines of a derivation;
`latex`, `text` and `html` make pages of lines; `table` writes tables. Nothing here knows what an
operation does: its notation is data in its row.
"""
