"""What a learner does with a derivation: answers, asks for hints, rounds by hand; what is kept.

| module | what it knows |
| --- | --- |
| `check` | the judgement on an answer to a step: here an answer is judged |
| `asked` | the step that is asked for, as numbers, and what of it can be reached by rounding |
| `rules` | the rules by which numbers are right, rounded early or not yet |
| `ways` | how each number is right: exact, rounded, cut off, computed |
| `early` | what comes out when numbers are rounded on the way |
| `slips` | slips that a first look shows |
| `own` | which of the learner's own answers an answer may rest on |
| `follow` | what follows from the learner's own earlier answers |
| `words` | places, shapes and lists in words |
| `hints` | the last hint: the first sub-result |
| `rounding` | what rounding every step by hand does to the end |
| `journal` | the attempts of a learner, kept in a file |
| `record`, `file` | one attempt as a line; where the file lies, its lock, lines added and found |
| `progress` | how far a learner is |
| `attempts` | those at one derivation, at each setting of its numbers |
"""
