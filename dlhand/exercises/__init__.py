"""Examples with fresh numbers: to practise on, for sheets of a class, and these marked.

| module | what it knows |
| --- | --- |
| `palette` | which numbers may stand in the place of a given |
| `watch` | what happens inside formulas: units alive or dead, ties, saturation |
| `promises` | what a problem promises of its numbers |
| `distinct` | how many slips cannot be told apart |
| `drawing` | fresh numbers that keep these promises |
| `accepted` | which answers are accepted |
| `problems` | the problems of an example, one for each seed and number |
| `practice` | such problems in the player |
| `sheets` | a sheet: its problems, its numbers, its key |
| `paper`, `printing`, `notebooks` | a sheet as HTML, as PDF, as a notebook |
| `tables`, `roster` | tables that people bring, and the learners of a class |
| `course` | the sheets of a whole class, on many processors |
| `bank`, `moodle`, `qti` | question banks for learning management systems |
| `carried` | what follows from a wrong answer, carried with more digits |
| `marking`, `grading` | answers marked, and the marks of a class |
| `report`, `tally` | what learners and class are told, and a picture of it |
| `commands` | all this in a terminal |
| `needs` | packages that only some of this needs |
"""
