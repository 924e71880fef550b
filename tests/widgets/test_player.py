"""The Python side of the player: what it sends to the page, and how it answers the page."""

import json
import re
from importlib.resources import files

import pytest

import dlhand
from dlhand import Derivation, UndefinedValue, log, sigmoid
from dlhand.widgets.player import LONGEST, Player


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


@pytest.fixture
def player() -> Player:
    return Player(neuron())


def steps(player):
    return {step["name"]: step for step in player.view["steps"]}


def ask(player, sent, **content):
    """Send what the page sends; give what comes back."""
    del sent[:]
    player._handle_custom_msg({"type": "check", "id": 7, **content}, [])
    return [data["content"] for data in sent if data["method"] == "custom"]


def test_the_view_has_every_step_with_all_its_parts(player) -> None:
    assert player.view["title"] == "One <neuron>"
    assert player.view["about"] == "What does it say & learn?"
    assert player.view["givens"].count("<span>") == 3
    by_name = steps(player)
    assert list(by_name) == ["z", "a", "E", "dE/da", "dE/dz", "dE/dw"]
    sections = [step["section"] for step in by_name.values()]
    assert sections == ["Forward"] * 2 + ["Error"] + ["Backward"] * 3
    z, a = by_name["z"], by_name["a"]
    assert z["say"] == "weighted sum"
    assert z["asks"] == "z = w · x + b"
    assert z["label"] == "z = w · x + b = −1.5 · 0.1 + 0.35 = 0.2"
    assert a["label"] == "a = σ(z) = σ(0.2) ≈ 0.54983"
    assert (z["exact"], a["exact"]) == (True, False)
    assert by_name["dE/dw"]["kind"] == "gradient"
    assert by_name["dE/dw"]["uses"] == ["dE/dz", "x"]
    for step in by_name.values():
        for part in ("symbol", "formula", "numbers", "result"):
            assert re.fullmatch(r"<math\b.+</math>", step[part])


def test_the_view_travels_as_json(player) -> None:
    assert json.loads(json.dumps(player.view, allow_nan=False)) == player.view


def test_numbers_have_the_digits_or_places_asked_for() -> None:
    results = {
        steps(Player(neuron(), **options))["a"]["label"].rpartition(" ")[2]
        for options in ({"digits": 3}, {"places": 3}, {"digits": 12})
    }
    assert results == {"0.550", "0.549833997312"}


def test_printed_numbers_come_with_their_verdicts(player) -> None:
    assert steps(player)["a"]["printed"] == [
        "printed: 0.5498 (rounded)",
        "printed: 0.56 (unexplained)",
    ]
    player.show(neuron().what_if(w=1))  # the document has printed nothing about these
    assert steps(player)["a"]["printed"] == []
    player.show(neuron())
    assert len(steps(player)["a"]["printed"]) == 2


def test_another_derivation_arrives_as_one_change_and_the_place_is_kept(player, wire) -> None:
    player.position = 3
    sent = wire(player)
    other = neuron().what_if(w="1.5")
    player.derivation = other
    assert [list(data["state"]) for data in sent] == [["view"]]
    assert (player.derivation, player.position) == (other, 3)
    assert steps(player)["z"]["label"].endswith("= 0.5")


def test_a_derivation_without_a_value_is_refused_and_the_last_one_stays() -> None:
    d = Derivation("A logarithm")
    d.step("y", log(d.given("x", 2)))
    player = Player(d)
    view = player.view
    with pytest.raises(UndefinedValue, match="step y has no value"):
        player.show(d.what_if(x=-1))
    assert player.view is view
    assert player.derivation is d


JUDGED = [
    ("z", "0.2", "right", "right, and exact", "0.2"),
    ("z", "1/5", "right", "right, and exact", "0.2"),
    ("a", "0.5498", "right", "right", "0.5498"),
    ("a", "0.55", "right", "right", "0.54 to 0.55"),
    ("z", "0.25", "not yet", "not yet; it is 0.20", "0.2"),
    ("z", "<b>0.2</b>", "unreadable", "At character 1, '<b>0.2</b>': HTML is not read", ""),
    ("z", "9" * LONGEST, "unreadable", "At character 1", ""),
    ("z", "0" * (LONGEST + 1), "unreadable", "an answer has at most 5000 characters", ""),
    ("old", "0.2", "unreadable", "no step is called 'old'", ""),
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
    assert ask(player, sent, name="a", text="0.5498")[0]["accepted"] == "0.5498"
    player.opened = ["a"]
    assert ask(player, sent, name="a", text="0.6000")[0]["message"] == "not yet; it is 0.5498"


@pytest.mark.parametrize(
    "content",
    [None, 7, "check", [], {}, {"type": "other"}, {"type": "check"},
     {"type": "check", "name": "z"}, {"type": "check", "name": 1, "text": "1"},
     {"type": "check", "name": "z", "text": None}, {"type": "check", "name": ["z"], "text": "1"}],
)  # fmt: skip
def test_malformed_messages_are_passed_by(player, wire, content) -> None:
    sent = wire(player)
    player._handle_custom_msg(content, [])
    assert sent == []


def test_the_bundle_has_the_whole_derivation_beside_the_widget(player) -> None:
    data, _ = player._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == player.model_id
    assert data["text/plain"] == repr(player) == "Player('One <neuron>', 6 steps)"
    assert data["text/html"] == player.derivation.html()
    assert "<neuron>" not in data["text/html"]
    assert "0.54983" in data["text/html"]


def test_the_static_page_follows_the_digits_and_the_givens(player) -> None:
    assert "0.549834" in Player(neuron(), digits=6).static_html()
    player.show(neuron().what_if(w="1.5"))
    assert "0.62246" in player.static_html()


def test_two_players_of_one_derivation_say_the_same() -> None:
    first, second = (Player(neuron())._repr_mimebundle_()[0] for _ in range(2))
    for kind in ("text/plain", "text/html"):
        assert first[kind] == second[kind]


def test_each_player_carries_little_and_nothing_from_elsewhere(player) -> None:
    script = files("dlhand.widgets").joinpath("player.js").read_bytes()
    assert len(script) < 8192
    assert player._esm == script.decode()
    for text in (player._esm, player._css):
        assert not re.search(r"https?://|@import|^import ", text, re.MULTILINE)


def test_the_page_reads_as_markup_only_what_our_renderer_wrote(player) -> None:
    assert re.findall(r"innerHTML = (\w+)", player._esm) == ["markup", "givens"]
    names = re.findall(r"math\(node, (\S+),", player._esm)
    assert names == ['"say"', "name"]


def test_the_facade_gives_the_same_player() -> None:
    player = neuron().player(digits=3, predict=True)
    assert isinstance(player, Player)
    assert player.predict


def test_an_attempt_is_kept_in_the_journal(tmp_path, monkeypatch, wire):
    from dlhand import journal

    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "attempts.jsonl"))
    player = Player(dlhand.load("002-net222"), predict=True)
    wire(player)
    for text, name in (("0.42", "z_h1"), ("0.41", "z_h1"), ("<b>", "z_h1")):
        message = {"type": "check", "id": 1, "name": name, "text": text}
        player._handle_custom_msg(message, [])
    kept = journal.current().attempts("002-net222")
    assert [(one.step, one.answer, one.verdict) for one in kept] == [
        ("z_h1", "0.42", "not yet"),
        ("z_h1", "0.41", "right"),
    ]
