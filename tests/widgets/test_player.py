"""The Python side of the player: what it sends to the page, and how it answers the page."""

import json
import re
from base64 import b64decode
from xml.etree import ElementTree

import bleach
import pytest
import traitlets

import dlhand
from dlhand import Derivation, FormulaError, UndefinedValue, log, sigmoid
from dlhand.learner import journal
from dlhand.render.font import faces
from dlhand.widgets.player import LONGEST, Player


@pytest.fixture(autouse=True)
def own_journal(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "attempts.jsonl"))


def neuron() -> Derivation:
    d = Derivation("One <neuron>", about="What does it say & learn?")
    x, w, b = d.givens(x="0.1", w="-1.5", b="0.35")
    d.section("Forward")
    z = d.step("z", w * x + b, say="weighted sum")
    a = d.step("a", sigmoid(z), say="activation", printed=("0.5498", "0.56"))
    d.section("Error")
    E = d.step("E", (a - 1) ** 2 / 2)
    d.section("Backward")
    d.backward(E, [w])
    return d


def chain() -> Derivation:
    """Two products, exact: what follows from a wrong first one is easily said."""
    d = Derivation("A chain")
    x, w, v = d.givens(x="0.5", w="0.6", v="4")
    y = d.step("y", w * x)
    d.step("t", v * y)
    return d


@pytest.fixture
def player() -> Player:
    return Player(neuron())


def steps(player):
    return {step["name"]: step for step in player.view["steps"]}


def numbers(player):
    """By the name of a step: numbers put in, result, the spoken line, a remark."""
    names = [step["name"] for step in player.view["steps"]]
    return dict(zip(names, player.numbers["steps"], strict=True))


def message(player, sent, **content):
    """Send what the page sends; give what comes back."""
    del sent[:]
    player._handle_custom_msg({"id": 7, **content}, [])
    return [data["content"] for data in sent if data["method"] == "custom"]


def ask(player, sent, **content):
    return message(player, sent, type="check", **content)


def changes(sent):
    """The names of the traits that each message of changes carries."""
    return [sorted(data["state"]) for data in sent if data["method"] == "update"]


# What is shown


def test_the_view_has_every_step_with_all_its_parts(player) -> None:
    assert player.view["title"] == "One <neuron>"
    assert player.view["about"] == "What does it say & learn?"
    symbols = [re.sub("<[^>]+>", "", given["symbol"]) for given in player.view["givens"]]
    assert symbols == ["x", "w", "b"]
    by_name = steps(player)
    assert list(by_name) == ["z", "a", "E", "dE/da", "dE/dz", "dE/dw"]
    sections = [step["section"] for step in by_name.values()]
    assert sections == ["Forward"] * 2 + ["Error"] + ["Backward"] * 3
    z = by_name["z"]
    assert (z["say"], z["asks"]) == ("weighted sum", "z = w · x + b")
    assert numbers(player)["z"][2] == " = −1.5 · 0.1 + 0.35 = 0.2"
    assert numbers(player)["a"][2] == " = σ(0.2) ≈ 0.54983"
    for name, step in by_name.items():
        for markup in (step["symbol"], step["formula"], *numbers(player)[name][:2]):
            assert re.fullmatch(r"<math\b.+</math>", markup)


def test_all_that_is_sent_travels_as_json() -> None:
    player = Player(neuron(), picture="graph")
    for value in (player.view, player.numbers, player.settled, player.attempts):
        assert json.loads(json.dumps(value, allow_nan=False)) == value


def test_numbers_have_the_digits_or_places_asked_for() -> None:
    results = {
        numbers(Player(neuron(), **options))["a"][2].rpartition(" ")[2]
        for options in ({"digits": 3}, {"places": 3}, {"digits": 12})
    }
    assert results == {"0.550", "0.549833997312"}


def test_printed_numbers_come_with_their_verdicts_on_the_numbers_of_now(player) -> None:
    assert player.settled["printed"] == {"a": ["0.5498 (rounded)", "0.56 (unexplained)"]}
    player.show(neuron().what_if(b="0.391162"))  # z is 0.241162, and σ of that 0.56
    player.settle()
    slip = "slip: what one gets when z is rounded to 1 place first"
    assert player.settled["printed"] == {"a": [f"0.5498 ({slip})", "0.56 (rounded)"]}
    player.show(neuron())
    player.settle()
    assert player.settled["printed"] == {"a": ["0.5498 (rounded)", "0.56 (unexplained)"]}


def test_other_givens_arrive_as_one_change_and_the_place_is_kept(player, wire) -> None:
    player.position = 3
    sent = wire(player)
    other = neuron().what_if(w="1.5")
    player.show(other)
    assert changes(sent) == [["numbers"]]
    assert (player.derivation, player.position) == (other, 3)
    assert numbers(player)["z"][2].endswith("= 0.5")


def test_a_variant_of_what_is_played_changes_the_numbers_alone(player, wire) -> None:
    sent = wire(player)
    player.show(player.derivation.what_if(w="1.5"))
    assert changes(sent) == [["numbers"]]


def test_another_derivation_arrives_as_one_change_too(player, wire) -> None:
    sent = wire(player)
    player.derivation = chain()
    assert changes(sent) == [["numbers", "view"]]
    assert list(steps(player)) == list(numbers(player)) == ["y", "t"]


def test_a_derivation_without_a_value_is_refused_and_the_last_one_stays() -> None:
    d = Derivation("A logarithm")
    d.step("y", log(d.given("x", 2)))
    player = Player(d)
    shown = player.numbers
    with pytest.raises(UndefinedValue, match="step y has no value"):
        player.show(d.what_if(x=-1))
    assert player.numbers is shown
    assert player.derivation is d


# Pictures


def without_words(svg: str) -> str:
    """The picture without what it says of itself, which comes apart from it."""
    start, end = svg.index("<desc>"), svg.index("</desc>\n") + len("</desc>\n")
    return svg[:start] + svg[end:]


def test_the_picture_is_drawn_by_its_name_or_by_a_function() -> None:
    d = neuron()
    by_name, by_function = Player(d, picture="graph"), Player(d, picture=lambda d: d.graph())
    for player in (by_name, by_function):
        assert player.settled["picture"] == without_words(d.graph().svg)
        assert player.settled["alternative"] == repr(d.graph())
    assert Player(d).settled["picture"] == ""
    assert ">0.550</text>" in Player(d, picture="graph", digits=3).settled["picture"]


@pytest.mark.parametrize("name", ["grph", "backward", "__init__", "", "bars"])
def test_a_picture_that_is_none_is_refused(name) -> None:
    with pytest.raises(FormulaError, match=rf"picture is '{name}'; wanted a function, .*'graph'"):
        Player(neuron(), picture=name)


def test_the_picture_follows_new_numbers_when_the_page_asks(wire) -> None:
    player = Player(neuron(), picture="graph")
    drawn = player.settled["picture"]
    player.show(neuron().what_if(w="1.5"))
    assert player.settled["picture"] == drawn  # a tick of a slider does not pay for it
    sent = wire(player)
    message(player, sent, type="settle", id=3)
    assert changes(sent) == [["settled"]]
    assert player.settled["picture"] == without_words(neuron().what_if(w="1.5").graph().svg)
    assert player.settled["id"] == 3
    message(player, sent, type="settle", id=4)  # each is answered, though nothing has changed
    assert changes(sent) == [["settled"]]


# Settings


def test_digits_can_be_changed_from_the_page(player, wire) -> None:
    sent = wire(player)
    player.set_state({"digits": None, "places": 2})
    assert numbers(player)["a"][2] == " = σ(0.2) ≈ 0.55"
    assert sum("numbers" in names for names in changes(sent)) == 1
    assert ask(player, sent, name="a", text="0.6")[0]["accepted"] == "0.54 to 0.55"
    player.set_state({"digits": 7, "places": None})
    assert numbers(player)["a"][2] == " = σ(0.2) ≈ 0.5498340"


def test_rounding_by_hand_is_shown_and_its_effect_told(wire) -> None:
    player = Player(neuron(), picture="graph")
    sent = wire(player)
    player.set_state({"rounding": {"places": 1, "chopped": False}})
    assert numbers(player)["a"][2] == " = σ(0.2) ≈ 0.5"
    assert numbers(player)["E"][2] == " = (0.5 − 1)² / 2 ≈ 0.1"
    message(player, sent, type="settle")
    assert player.settled["told"].startswith("Every step rounded to 1 place, ")
    assert player.settled["picture"] == without_words(neuron().by_hand(1).graph().svg)
    assert player.settled["printed"]["a"][0] == "0.5498 (rounded)"  # judged by all digits
    assert ask(player, sent, name="a", text="0.5498")[0]["verdict"] == "right"
    player.rounding = {"places": 1, "chopped": True}
    player.settle()
    assert player.settled["told"].startswith("Every step cut off after 1 place, ")
    player.rounding = None
    player.settle()
    assert numbers(player)["a"][2] == " = σ(0.2) ≈ 0.54983"
    assert player.settled["told"] == ""


def test_rounding_that_leaves_a_step_without_value_is_told_and_not_shown() -> None:
    d = Derivation("A small divisor")
    (x,) = d.givens(x="0.2")
    small = d.step("s", x * x)
    d.step("r", 1 / small)
    player = Player(d)
    player.rounding = {"places": 1, "chopped": False}
    player.settle()
    assert numbers(player)["r"][2] == " = 1 / 0.04 = 25"
    assert "step r has no value" in player.settled["told"]


@pytest.mark.parametrize(
    "state",
    [{"digits": 0}, {"digits": 101}, {"digits": "5"}, {"places": -1}, {"places": 1.5},
     {"rounding": {}}, {"rounding": {"places": 2}}, {"rounding": {"places": "2", "chopped": True}},
     {"rounding": {"places": 2, "chopped": "no"}}, {"rounding": 2}, {"position": "last"},
     {"rounding": {"places": 2, "chopped": True, "more": 1}}],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_and_the_last_ones_stay(player, state) -> None:
    before = player.numbers
    with pytest.raises(traitlets.TraitError):
        player.set_state(state)
    assert (player.digits, player.places, player.rounding, player.position) == (None, None, None, 0)
    assert player.numbers == before


# Answers


JUDGED = [
    ("z", "0.2", "right", "right, and exact", "0.2"),
    ("z", "1/5", "right", "right, and exact", "0.2"),
    ("a", "0.5498", "right", "right", "0.5498"),
    ("a", "0.55", "right", "right", "0.54 to 0.55"),
    ("z", "0.25", "not yet", "not yet", "0.2"),
    ("z", "<b>0.2</b>", "unreadable", "At character 1, '<b>0.2</b>': HTML is not read", ""),
    ("z", "9" * LONGEST, "unreadable", "At character 1", ""),
    ("z", "0" * (LONGEST + 1), "unreadable", "an answer has at most 5000 characters", ""),
    ("old", "0.2", "unreadable", "no step is called 'old'", ""),
    ("x", "0.1", "unreadable", "'x' is a given, not a step", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "verdict", "message", "accepted"), JUDGED)
def test_the_page_asks_and_is_answered(
    player, wire, name, text, verdict, message, accepted
) -> None:
    (answer,) = ask(player, wire(player), name=name, text=text)
    assert answer["message"].startswith(message)
    del answer["message"]
    assert answer == {"type": "judgement", "id": 7, "verdict": verdict, "accepted": accepted}


def test_a_hidden_number_is_not_given_away(wire) -> None:
    player = Player(neuron(), predict=True)
    sent = wire(player)
    for text in ("0.6", "0.6, 0.7", "a half"):
        (answer,) = ask(player, sent, name="a", text=text)
        assert answer["verdict"] in ("not yet", "unreadable")
        assert answer["accepted"] == ""
        assert "0.5" not in answer["message"].replace("such as 0.5", "")
    assert "0.5" not in json.dumps(player.attempts)
    assert player.opened == []
    assert ask(player, sent, name="a", text="0.5498")[0]["accepted"] == "0.5498"
    assert player.opened == ["a"]
    assert ask(player, sent, name="a", text="0.6000")[0]["message"] == "not yet"


def test_an_answer_may_follow_from_an_earlier_wrong_one(wire) -> None:
    player = Player(chain(), predict=True)
    sent = wire(player)
    assert ask(player, sent, name="t", text="1.6")[0]["verdict"] == "not yet"
    assert ask(player, sent, name="y", text="0.4")[0]["verdict"] == "not yet"  # it is 0.3
    (answer,) = ask(player, sent, name="t", text="1.6")
    assert answer["verdict"] == "follows"
    assert "your y = 0.4" in answer["message"]
    assert player.attempts["t"]["verdict"] == "follows"
    assert player.opened == []
    assert ask(player, sent, name="y", text="0.3")[0]["verdict"] == "right"
    assert ask(player, sent, name="t", text="1.6")[0]["verdict"] == "not yet"
    assert player.opened == ["y"]


def test_the_last_hint_is_the_first_sub_result(player, wire) -> None:
    sent = wire(player)
    (hint,) = message(player, sent, type="hint", name="z")
    assert hint == {"type": "hint", "id": 7, "text": "w · x = −1.5 · 0.1 = −0.15"}
    (unknown,) = message(player, sent, type="hint", name="old")
    assert unknown["text"].startswith("no step is called 'old'")
    assert message(player, sent, type="hint", name="x")[0]["text"].startswith("'x' is a given")


MALFORMED = [
    None, 7, "check", [], {}, {"type": "other"}, {"type": []}, {"type": "check"},
    {"type": "check", "name": "z", "text": "1"}, {"type": "check", "id": 1, "name": "z"},
    {"type": "check", "id": 1, "name": 1, "text": "1"},
    {"type": "check", "id": 1, "name": "z", "text": None},
    {"type": "check", "id": "1", "name": "z", "text": "1"},
    {"type": "check", "id": 1, "name": ["z"], "text": "1"},
    {"type": "hint", "id": 1}, {"type": "hint", "id": 1, "name": 5},
    {"type": "font"}, {"type": "font", "id": "1"},
    {"type": "settle"}, {"type": "settle", "id": "1"}, {"type": "settle", "id": None},
]  # fmt: skip


@pytest.mark.parametrize("content", MALFORMED)
def test_malformed_messages_are_passed_by(player, wire, content) -> None:
    sent = wire(player)
    player._handle_custom_msg(content, [])
    assert sent == []


# Attempts


def test_an_attempt_is_kept_in_the_journal(wire) -> None:
    player = Player(dlhand.load("002-net222"), predict=True)
    sent = wire(player)
    for text in ("0.42", "0.41", "<b>"):
        ask(player, sent, name="z_h1", text=text)
    kept = journal.current().attempts("002-net222")
    assert [(one.step, one.answer, one.verdict) for one in kept] == [
        ("z_h1", "0.42", "not yet"),
        ("z_h1", "0.41", "right"),
    ]


def test_attempts_are_taken_up_again_where_the_learner_was(wire) -> None:
    first = Player(neuron(), predict=True)
    sent = wire(first)
    for name, text in (("z", "0.2"), ("a", "0.6"), ("E", "0.08")):
        ask(first, sent, name=name, text=text)
    assert [one["verdict"] for one in first.attempts.values()] == ["right", "not yet", "follows"]

    again = Player(neuron(), predict=True)
    assert again.opened == ["z"]
    assert (again.position, again.revealed) == (1, 2)
    shown = {name: (one["text"], one["verdict"]) for name, one in again.attempts.items()}
    assert shown == {"z": ("0.2", "right"), "a": ("0.6", "not yet"), "E": ("0.08", "follows")}
    assert re.fullmatch(r"not yet \(on \d{4}-\d\d-\d\d\)", again.attempts["a"]["message"])
    assert ask(again, wire(again), name="dE/da", text="-0.4")[0]["verdict"] == "follows"


def test_attempts_belong_to_the_numbers_they_were_made_with(wire) -> None:
    player = Player(neuron())
    sent = wire(player)
    ask(player, sent, name="z", text="0.25")
    player.show(neuron().what_if(w="1.5"))
    assert player.attempts == {}
    assert changes(sent)[-1] == ["attempts", "numbers"]
    player.show(neuron())
    message(player, sent, type="settle")
    assert player.attempts["z"]["text"] == "0.25"
    assert Player(neuron().what_if(w="1.5")).attempts == {}


def test_where_the_journal_cannot_be_written_that_is_said_once(tmp_path, monkeypatch, wire) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "file" / "attempts.jsonl"))
    player = Player(neuron())
    sent = wire(player)
    said = [ask(player, sent, name="z", text="0.2")[0]["message"] for _ in range(2)]
    assert said[0].startswith("right, and exact (attempts are not kept, for ")
    assert said[1] == "right, and exact"


# Without the page


def test_the_bundle_has_the_whole_derivation_beside_the_widget(player) -> None:
    data, _ = player._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == player.model_id
    assert data["text/plain"] == repr(player) == "Player('One <neuron>', 6 steps)"
    assert data["text/html"] == player.static_html()
    assert "<neuron>" not in data["text/html"]
    assert "0.54983" in data["text/html"]


def test_the_static_page_follows_the_digits_and_the_givens(player) -> None:
    assert "0.549834" in Player(neuron(), digits=6).static_html()
    player.show(neuron().what_if(w="1.5"))
    assert "0.62246" in player.static_html()


def test_what_is_stored_depends_neither_on_the_player_nor_on_the_journal(wire) -> None:
    first = Player(neuron(), predict=True)._repr_mimebundle_()[0]
    player = Player(neuron(), predict=True)
    for name, text in (("z", "0.2"), ("a", "0.6")):
        ask(player, wire(player), name=name, text=text)
    for again in (player, Player(neuron(), predict=True)):
        second = again._repr_mimebundle_()[0]
        for kind in ("text/plain", "text/html"):
            assert first[kind] == second[kind]


LET_THROUGH = {"h3", "h4", "p", "br", "ol", "li", "img", "details", "summary"}
"""Of the elements that JupyterLab's sanitiser lets through; bleach stands in for it."""


@pytest.mark.parametrize("hide", [None, "result", "numbers", "formula"])
def test_what_is_stored_passes_a_sanitiser_as_it_is(hide) -> None:
    html = Player(neuron(), hide=hide, picture="graph").static_html()
    attributes = {"img": ["alt", "src"], "ol": ["start"]}
    cleaned = bleach.clean(html, LET_THROUGH, attributes, protocols=["data"])
    assert cleaned.replace("&quot;", '"') == html.replace("&quot;", '"')
    results = html.count("0.54983")
    before, _, after = html.partition("<details>")
    assert ("0.54983" in before) == (hide is None)
    assert results > 0 and (hide is None or "0.54983" in after)
    assert (r"w \cdot x" in before) == (hide != "formula")
    assert "-1.5 \\cdot 0.1" not in before or hide is None
    (picture,) = re.findall(r'src="data:image/svg[+]xml;base64,([^"]+)"', html)
    seen = "".join(ElementTree.fromstring(b64decode(picture)).itertext())
    assert ("0.54983" in seen) == (hide is None)


def test_dollars_in_words_begin_no_mathematics() -> None:
    d = Derivation("Costs $5 & more")
    d.step("y", 2 * d.given("x", 3), say="it costs $x$")
    assert r"<h3>Costs \$5 &amp; more</h3>" in Player(d).static_html()
    assert r"<li>it costs \$x\$<br>" in Player(d).static_html()


@pytest.mark.parametrize("hide", ["", "results", "nothing", 1])
def test_what_cannot_be_hidden_is_refused(hide) -> None:
    with pytest.raises(FormulaError, match=f"hide is {hide!r}; wanted one of .*'result'"):
        Player(neuron(), hide=hide)


def test_to_hide_something_is_to_predict() -> None:
    assert (Player(neuron()).predict, Player(neuron(), predict=True).hide) == (False, "result")
    player = Player(neuron(), hide="numbers")
    assert (player.predict, player.hide) == (True, "numbers")
    with pytest.raises(traitlets.TraitError):
        player.hide = "all"


def test_a_step_once_found_stays_found_and_tries_are_counted_until_then(wire) -> None:
    player = Player(neuron(), predict=True)
    sent = wire(player)
    for text in ("0.25", "0.3", "0.2", "0.7"):
        ask(player, sent, name="z", text=text)
    for one in (player, Player(neuron(), predict=True)):
        z = one.attempts["z"]
        assert (z["text"], z["verdict"], z["found"], z["tries"]) == ("0.7", "not yet", True, 3)
        assert one.opened == ["z"]


def test_beginning_anew_hides_all_again_and_the_journal_keeps_what_was(wire) -> None:
    player = Player(neuron(), predict=True)
    sent = wire(player)
    ask(player, sent, name="z", text="0.2")
    player.position, player.helped = 3, ["a"]
    message(player, sent, type="restart")
    assert (player.position, player.opened, player.helped, player.attempts) == (0, [], [], {})
    assert "0.2" not in ask(player, sent, name="z", text="0.3333")[0]["message"]
    assert Player(neuron(), predict=True).opened == ["z"]


def test_the_font_is_sent_when_the_page_asks(player, monkeypatch) -> None:
    sent = []
    monkeypatch.setattr(
        player, "send", lambda content, buffers=None: sent.append((content, buffers))
    )
    player._handle_custom_msg({"type": "font", "id": 3}, [])
    assert sent == [({"type": "font", "id": 3}, list(faces()))]


def test_the_facade_gives_the_same_player() -> None:
    player = neuron().player(digits=3, predict=True, picture="graph")
    assert isinstance(player, Player)
    assert player.predict
    assert player.settled["picture"]


def units() -> Derivation:
    """Three units worked out in one way, and their sum: four steps of two kinds."""
    d = Derivation("Three units")
    x, u, v, w = d.givens(x="0.5", u=3, v="-7", w=11)
    a, b, c = d.step("a", u * x), d.step("b", v * x), d.step("c", w * x)
    d.step("s", a + b + c)
    return d


@pytest.mark.parametrize(("alike", "worked"), [(None, []), (1, ["b", "c"]), (2, ["c"]), (3, [])])
def test_of_steps_that_are_alike_only_the_first_are_asked_for(alike, worked) -> None:
    player = Player(units(), predict=True, alike=alike)
    assert player.worked == worked
    html = player.static_html()
    assert html.count("{?}") == 4 - len(worked)
    in_sight = html[: html.index("<details>")]
    assert not re.search(r"1\.5|-3\.5|5\.5", in_sight)  # no result is given away in what is stored


def test_a_step_that_is_not_asked_for_is_open(wire) -> None:
    player = Player(units(), predict=True, alike=2)
    sent = wire(player)
    assert "1.5" not in ask(player, sent, name="a", text="7")[0]["accepted"]
    assert ask(player, sent, name="c", text="7")[0]["accepted"] == "5.5"
    player.derivation = units().what_if(u=4)
    assert player.worked == ["c"]
    player.derivation = neuron()
    assert player.worked == []


def test_alike_is_a_number_from_1_on() -> None:
    with pytest.raises(FormulaError, match="alike is 0; wanted a number from 1 on"):
        Player(units(), alike=0)
