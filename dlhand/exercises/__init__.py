"""Examples with fresh numbers: to practise on, for sheets of a class, and these marked.

| module | what it knows |
| --- | --- |
| `palette` | which numbers may stand in the place of a given |
| `watch` | what happens inside formulas: units alive or dead, ties, saturation |
| `promises` | what a problem promises of its numbers |
| `drawing` | fresh numbers that keep these promises |
| `problems` | the problems of an example, one for each seed and number |
| `practice` | such problems in the player |
"""
