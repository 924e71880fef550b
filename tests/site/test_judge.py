"""The judge of the page says what the Python judge says: of the table, and of much else."""

import json
import random
import re
from pathlib import Path

import pytest

import dlhand
from dlhand import Derivation, exp, log, sigmoid, sqrt, tanh
from dlhand.learner.check import check
from dlhand.numbers.digits import Digits

CASES = json.loads(
    (Path(__file__).parents[1] / "learner" / "cases.json").read_text(encoding="utf-8")
)
FUNCTIONS = {
    "same": lambda x: x * 1, "exp": exp, "log": log, "sigmoid": sigmoid, "sqrt": sqrt, "tanh": tanh,
}  # fmt: skip


def one_step(case) -> Derivation:
    d = Derivation("One step")
    d.step("y", FUNCTIONS[case["of"]](d.given("x", case["x"])))
    return d


def test_every_case_of_the_table_is_judged_alike(page_judge) -> None:
    steps = [one_step(case) for case in CASES]
    told = page_judge(
        [(d, d["y"], case["typed"], Digits(), False) for d, case in zip(steps, CASES, strict=True)]
    )
    for case, found in zip(CASES, told, strict=True):
        assert found["verdict"] == case["verdict"], (case, found)
        assert case["says"] in found["message"], (case, found)


def typed_for(d, entry, chance) -> list[str]:
    """Right, rounded, cut off, padded, mistaken, in another order or shape, and by hand."""
    reals = d.evaluation.reals(entry.index)
    texts = []
    for places in (1, 2, 3, 4, 5, 7, 14):
        texts.append([real.places(places) for real in reals])
    texts.append([repr(float(real)) for real in reals])
    for places in (2, 3, 4):
        hand = d.by_hand(places, chopped=chance.random() < 0.4).evaluation.reals(entry.index)
        texts.append([real.places(places) for real in hand])
    for change in (
        lambda t: [f"-{x}" for x in t],
        lambda t: [f"{x}0" if "." in x else x for x in t],
        lambda t: t[::-1],
        lambda t: [x if chance.random() < 0.7 else f"{x}1" for x in t],
        lambda t: t[:-1] or ["1, 2"],
    ):
        texts.append(change(chance.choice(texts[:7])))
    return [", ".join(one) if chance.random() < 0.7 else " ".join(one) for one in texts]


SAYS_LITTLE = re.compile(r"not yet(: \d+ of \d+ entries (is|are) right)?( \(.*\))?$")


def says_the_same(found, wanted) -> bool:
    """Whether the page has the same verdict and sentence.

    Of what went wrong it may say less; where Python has found the slip, what a first look tells.
    """
    is_bare = wanted.verdict == "not yet" and SAYS_LITTLE.match(found["message"])
    is_searched = wanted.message.startswith("not yet: this is what you get ")
    is_same = is_bare or is_searched or found["message"] == wanted.message
    return found["verdict"] == wanted.verdict and is_same


EXAMPLES = ("002-net222", "002-lstm", "000-attn", "003-conv", "000-ex4", "002-optim-adam")


@pytest.mark.parametrize("name", EXAMPLES)
def test_answers_to_an_example_are_judged_alike(name, page_judge) -> None:
    d, chance = dlhand.load(name), random.Random(name)
    asked = [
        (d, step, text, digits, chance.random() < 0.5)
        for step in chance.sample(list(d.steps), min(8, len(d.steps)))
        for digits in chance.sample([Digits(), Digits(3), Digits(places=2), Digits(8)], 2)
        for text in typed_for(d, step, chance)
    ]
    for question, found in zip(asked, page_judge(asked), strict=True):
        _, step, text, digits, reveal = question
        wanted = check(d, step, text, digits=digits, reveal=reveal)
        assert found["accepted"] == wanted.accepted, question
        assert says_the_same(found, wanted), (step.name, text, digits, found, wanted)


READ = """\
0.5 .5 5. +3 -0.25 1e-3|1.2·10^-3|12 %|−–2|1/3|2·(1 − 0.3)²|-2^2|2^-1|2^3^2|[1, 2]|(1, 2)|1, 2
[1 2]|1 2|[1; 2]|[[1, 2], [3, 4]]|[1 2; 3 4]|√2|exp(-1)|e^-1|ln 2|sin 1|cos(2)|tanh 0.5|σ(0.41)
pi|π/2|e^e|2^√2|½|1½|z = 0.5|dE/dw ≈ 0.5|z² = 4|1 -2|1 - 2|1-2|(1 -2)|0,5|1,5 2,5|1,5 + 2|1,234
1 234|1,2|1.5,2.5|1.5,2.5,|12,345,678|-|()|[]|1,|1;|1;;2|[1,2|1]|(1]|[1 2; 3]|[1, [2]]|1 2, 3
1 /|1/0|1/(2-2)|0^-1|0^0|0^√2|0^-0.5|(-2)^0.5|(-8)^(1/3)|sqrt(4)|sqrt(1/4)|√2·√2|ln 0|ln(-2)
ln 1|exp 0|exp(10000)|exp(1000000)|exp(-1000000)|tanh(500)|sigmoid(1000)|sigmoid(-1000)|tanh(-3)
sin(1e30)|sin(-1)|cos 0|2^1000|2^1001|1e1001|2^0.5|8^(1/3)|2^(1/4)|1e5^1000|sqrt 2²|sqrt|sqrt()
sqrt [1,2]|[1,2]·2|2^[1,2]|-[1,2]|50% %|½%|2²³|2^2²|2²^2|1²|x|0.5x|3 apples|$0.5$|\\frac{1}{2}
<b>1</b>|{1,2}|1=2|0.5 = x|~1|0x10|1_000|١|∂E/∂w = 2|e|-e|e²|e^ln 3|１．５|\u200e1|1\u00a0234
1\u202f234|1\u00a0234.5|--3|+-+3|3--2|2*-3|2**3|2 ** 3|.|1..2|1.2.3|e5|1e|1e+|1e5e5|10^3
1.5·10^3|1.5*10^-20|[[[1,2],[3,4]],[[5,6],[7,8]]]
"""


def test_texts_of_all_kinds_are_read_alike(page_judge) -> None:
    texts = [text for line in READ.splitlines() for text in line.split("|")]
    texts += ["1\n2", "1 2\n3 4", "[1\n2]", "1 +\n2", "[1,\n2]", "1\r\n2", "((((1))))", "(" * 60]
    texts += ["1" * 3101, "0." + "0" * 3001, "9" * 3000, "1+" * 60 + "1", "√2+" * 45 + "1"]
    d = Derivation("Some numbers")
    steps = [
        d.step("s", d.given("x", "0.5") * 1),
        d.step("v", d.given("y", [2, "1.5"]) * 1),
        d.step("m", d.given("z", [[1, 2], [3, 4]]) * 1),
        d.step("r", sqrt(d.given("u", 2))),
    ]
    asked = [(d, d[step.name], text, Digits(), False) for step in steps for text in texts]
    differ: dict[str, tuple[str, str]] = {}
    for question, found in zip(asked, page_judge(asked), strict=True):
        wanted = check(d, *question[1:3])
        if not says_the_same(found, wanted):
            differ[question[2]] = found["message"], wanted.message
    assert differ == {}
