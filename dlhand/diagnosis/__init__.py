"""Which slip it was: what a wrong number comes from.

`single_slips` lists all that can go wrong on the way to a step, each with the value that it gives;
`diagnose` finds those that give an answer, and says how sure that is. The slips themselves stand
beside what they belong to: those of an operation in its row (`dlhand.operations.slips`), those of a
number in `misread`, those of a name in `nearby`.
"""

from dlhand.diagnosis.search import Diagnosis, Explanation, diagnose
from dlhand.diagnosis.single import Slipped, single_slips

__all__ = ["Diagnosis", "Explanation", "Slipped", "diagnose", "single_slips"]
