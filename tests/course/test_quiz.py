"""The questions of chapters: read, refused, and shown where no widget is."""

from xml.etree import ElementTree

import pytest

import dlhand
from dlhand import Quiz, QuizError, UnknownName
from dlhand.examples import quizzes
from dlhand.examples.quizzes import Source, read

TEXT = r"""
? Which of these looks at the whole
  image once? [002:520]
+ YOLO -- one network gives all boxes
  in one pass
- R-CNN -- it first proposes regions
- a < b & c -- no answer at all

? Which numbers are at most $\frac{1}{2}$? [002:530-540, 003:12, 003-noise]
+ $x_1 = 0.5$ -- it is $2^{-1}$
+ `0` -- it is less
- $-\sqrt{2} \cdot (-1)$ -- about 1.4
"""


def test_a_file_is_read_block_by_block():
    first, second = read(TEXT)
    assert first.text == "Which of these looks at the whole image once?"
    assert first.sources == (Source("002", 520, 520),)
    assert [(c.text, c.is_right) for c in first.choices] == [
        ("YOLO", True), ("R-CNN", False), ("a < b & c", False),
    ]  # fmt: skip
    assert first.choices[0].reason == "one network gives all boxes in one pass"
    assert not first.takes_several and second.takes_several
    assert second.sources == (Source("002", 530, 540), Source("003", 12, 12))
    assert second.names == ("003-noise",)
    assert (first.place, second.choices[2].place) == ("quiz, line 2", "quiz, line 12")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("+ a -- b", "line 1: .* stands where a question was wanted"),
        ("? q [002:1]\n? r [002:1]", "line 2: .* a choice, or an empty line before the question"),
        ("? q [002:1]\n* a -- b", "line 2: .* begins with none of"),
        ("? q\n+ a -- b\n- c -- d", "line 1: the question ends without its source"),
        ("? q [page 3]\n+ a -- b\n- c -- d", "line 1: 'page 3' is no source"),
        ("? q [002:9-3]\n+ a -- b\n- c -- d", "line 1: '002:9-3' ends before it begins"),
        ("? q [002-or]\n+ a -- b\n- c -- d", "line 1: no line of a document is named"),
        ("? q [002:1]\n+ a\n- c -- d", "line 2: a choice stands without its reason"),
        ("? q [002:1]\n+ a -- b", "line 1: wanted two choices or more"),
        ("\n\n? q [002:1]\n- a -- b\n- c -- d", "line 3: .* one of them right"),
        ("? q [002:1]\n+ a -- b\n- a -- d", "line 1: two choices of the question are the same"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_line(text, message):
    with pytest.raises(QuizError, match=rf"07\.txt, {message}"):
        list(read(text, "07.txt"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"? q $\nosuch$ [002:1]", r"line 1: .*'\\\\nosuch' in it"),
        ("? q $x [002:1]", r"line 1: .* has a \$ without a second one"),
        (r"? q $\frac{1}$ [002:1]", "line 1: .* ends too early"),
    ],
)
def test_mathematics_that_cannot_be_read_is_refused_with_file_and_line(text, message):
    with pytest.raises(QuizError, match=rf"07\.txt, {message}"):
        Quiz("07", read(f"{text}\n+ a -- b\n- c -- d", "07.txt"))


def test_a_quiz_is_found_by_the_number_of_its_chapter(tmp_path, monkeypatch):
    (tmp_path / "09.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(quizzes, "_HERE", tmp_path)
    quizzes.questions.cache_clear()
    try:
        assert [len(q.choices) for q in dlhand.quiz("09").questions] == [3, 3]
        with pytest.raises(UnknownName, match="no chapter '08' has a quiz; did you mean '09'"):
            dlhand.quiz("08")
    finally:
        quizzes.questions.cache_clear()


def test_every_chapter_with_questions_can_be_asked_and_every_source_is_a_document():
    for chapter in quizzes.chapters():
        quiz = dlhand.quiz(chapter)
        assert quiz.questions and quiz.text() and quiz.html()
        for question in quiz.questions:
            assert {source.document for source in question.sources} <= {
                "000",
                "001",
                "002",
                "003",
                "004",
            }, question.place


def test_the_order_of_choices_is_the_same_each_time_and_not_always_the_files():
    one, again = (list(read(TEXT)) for _ in range(2))
    assert [q.shuffled() for q in one] == [q.shuffled() for q in again]
    block = "? Question {} [002:1]\n+ right -- a\n- wrong -- b\n- worse -- c"
    many = list(read("\n\n".join(block.format(k) for k in range(60))))
    firsts = [question.shuffled()[0].text for question in many]
    assert all(10 <= firsts.count(text) <= 30 for text in ("right", "wrong", "worse"))


def test_as_text_the_answers_stand_below_and_apart():
    asked, answers = Quiz("09", read(TEXT)).text().split("\nAnswers\n")
    assert "2. Which numbers are at most 1/2? (choose all that are right)" in asked
    assert "−√2 · (−1)" in asked and "x₁ = 0.5" in asked
    assert "right:" not in asked and "reason" not in asked and "in one pass" not in asked
    assert answers.count("right: ") == 3 and answers.count("wrong: ") == 3
    assert "right: it is 2⁻¹" in answers
    assert "(document 002, lines 530-540; document 003, line 12)" in answers


def test_without_a_script_the_answers_are_folded():
    html = Quiz("09", read(TEXT)).html()
    page = ElementTree.fromstring(
        html.replace("<style>", "<style><![CDATA[").replace("</style>", "]]></style>")
    )
    asked, folded = page.find("ol"), page.find("details")
    assert "pass" not in "".join(asked.itertext())
    assert "one network gives all boxes in one pass" in "".join(folded.itertext())
    assert len(asked.findall("li/ol/li")) == len(folded.findall("ol/li/ol/li")) == 6
    assert [li.text for li in asked.findall("li/ol/li")].count("a < b & c") == 1
    assert "open" not in folded.attrib and "<script" not in html
    # letter by letter the answers are those of the choices
    for choices, reasons in zip(asked.findall("li/ol"), folded.findall("ol/li/ol"), strict=True):
        texts = ["".join(li.itertext()) for li in choices]
        right = [li.find("strong").text == "right" for li in reasons]
        assert {t for t, r in zip(texts, right, strict=True) if r} in ({"YOLO"}, {"x1=0.5", "0"})


def test_a_notebook_gets_the_widget_beside_text_and_html_and_the_same_each_time():
    one, again = Quiz("09", read(TEXT)), Quiz("09", read(TEXT))
    data, _ = one._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    other, _ = again._repr_mimebundle_()
    for kind in ("text/plain", "text/html"):
        assert data[kind] == other[kind]
    assert data["text/plain"] == repr(one)
    assert one.widget is one.widget


def test_the_widget_has_the_choices_in_the_same_order_as_the_page():
    quiz = Quiz("09", read(TEXT))
    for question, sent in zip(quiz.questions, quiz.widget.questions, strict=True):
        assert [c["right"] for c in sent["choices"]] == [c.is_right for c in question.shuffled()]
        for choice in sent["choices"]:
            assert f"<li>{choice['text']}</li>" in quiz.html()
    assert quiz.widget.tries == [[], []]
