"""The attack at a size that fits; `make fuzz` runs it at length."""

from tests.laws.attack import attack


def test_random_graphs_programs_and_answers_are_as_jax_and_paper_have_them() -> None:
    wrong, seen = attack(graphs=60)
    assert wrong == []
    assert seen["graphs"] == 60
    assert sum(count for what, count in seen.items() if what != "graphs") >= 10_000
    assert min(seen["gradient entries"], seen["answers"]) >= 500
