"""The code that runs in the page: small, from nowhere else, and careful with what it is given."""

import json
import re
import shutil
import subprocess
from importlib.resources import files

import pytest

from dlhand import load
from dlhand.widgets.film import Film
from dlhand.widgets.page import script, sheet
from dlhand.widgets.player import SCRIPTS, Player
from dlhand.widgets.what_if import WhatIf

SOURCES = {
    path.name.removesuffix(".js"): path.read_text(encoding="utf-8")
    for path in files("dlhand.widgets.page").iterdir()
    if path.name.endswith(".js")
}


def test_each_player_carries_little_and_nothing_from_elsewhere() -> None:
    assert len(Player._esm.encode()) < 33 * 1024
    assert len(Player._css.encode()) < 13 * 1024
    for text in (Player._esm, Player._css):
        assert not re.search(r"https?://|@import|^import ", text, re.MULTILINE)


def test_a_player_sends_no_more_than_it_did_before_its_number_stood_in_the_picture(
    monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "journal"))  # of nobody's attempts
    player = load("002-net222").player(predict=True, picture="graph")
    state = {name: value for name, value in player.get_state().items() if name[0] != "_"}
    sent = [player._esm, player._css, json.dumps(state, ensure_ascii=False), player.static_html()]
    assert sum(len(one.encode()) for one in sent) < 159_300


def test_a_joined_module_has_the_code_of_its_sources_and_exports_what_a_widget_needs() -> None:
    joined = script(*SCRIPTS)
    assert re.findall(r"^export .*", joined, re.MULTILINE) == ["export default { render };"]
    for name in SCRIPTS:
        assert re.findall(r"function \w+\(", SOURCES[name])[0] in joined
    assert "//" not in joined
    assert sheet("player", "step") == sheet("player") + "\n" + sheet("step")


def test_each_module_stands_after_those_that_it_imports() -> None:
    for place, name in enumerate(SCRIPTS):
        needed = re.findall(r'^import .* from "\./(\w+)\.js";$', SOURCES[name], re.MULTILINE)
        assert set(needed) <= set(SCRIPTS[:place])
    assert len(re.findall(r"^import ", "\n".join(SOURCES.values()), re.MULTILINE)) == len(
        re.findall(r'^import \{.*\} from "\./\w+\.js";$', "\n".join(SOURCES.values()), re.MULTILINE)
    )


@pytest.mark.parametrize("widget", [Player, Film, WhatIf])
def test_the_joined_module_is_one_that_an_engine_reads(tmp_path, widget) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.fail("no node here; sh tools/system_packages.sh says more")
    module = tmp_path / "player.mjs"
    module.write_text(widget._esm, encoding="utf-8")
    subprocess.run([node, "--check", module], check=True, capture_output=True)


def test_what_is_typed_can_become_no_markup() -> None:
    """Markup is written in one place, and what comes there was written by our renderer."""
    code = "\n".join(SOURCES.values())
    assert not re.search(r"outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(", code)
    assert code.count("innerHTML") == 1
    code = "\n".join(SOURCES[name] for name in SCRIPTS)
    drawn = set(re.findall(r"\bdraw\((?!node, markup)[^,]+, (.+?)\)+;", code))
    assert drawn == {
        "value", "markup", "step.words || step.say", "step.symbol", "step.formula", "numbers[0]",
        "numbers[1]", 'inLine.map((value, k) => symbols[k] + value).join(", "', "svg",
    }  # fmt: skip


OF_A_WIDGET = ("film", "quiz", "step", "table", "what_if")
COMMON = ("player", "picture")
OUTERMOST_COMMA = re.compile(r",(?![^()]*\))")


def selectors(name: str) -> list[str]:
    """The selectors of a style sheet, each alone, with those that it is nested in."""
    found: list[str] = []
    around: list[str] = []
    text = files("dlhand.widgets.page").joinpath(f"{name}.css").read_text(encoding="utf-8")
    for head, end in re.findall(
        r"([^{};]*)([{};])", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    ):
        if end == "{":
            around.append(head.strip())
            if not head.strip().startswith("@"):
                outer = " ".join(one for one in around[:-1] if not one.startswith("@"))
                found += [f"{outer} {one.strip()}" for one in OUTERMOST_COMMA.split(head)]
        elif end == "}":
            around.pop()
    return found


def classes(text: str) -> set[str]:
    return set(re.findall(r"\.(dlhand-[\w-]+)", text))


def test_the_style_of_one_widget_leaves_the_others_alone() -> None:
    """On a page with several widgets all style sheets hold, so each speaks of its own parts."""
    used = {name: classes(" ".join(selectors(name))) for name in (*OF_A_WIDGET, *COMMON)}
    for name in OF_A_WIDGET:
        others = set().union(*(used[other] for other in used if other != name))
        strays = [one for one in selectors(name) if not classes(one) - others]
        assert strays == [], name
