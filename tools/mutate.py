"""Would a wrong operation be noticed? Change one rule at a time, and run the notebooks.

Each row of the operations table has a value and a derivative rule. A mutant has one of them wrong:
each entry of the value is 1/8 too large; the gradient that goes to one of the arguments is 9/8 of
what it should be, or arrives where nothing should. Then the cells run, and what they show is held
against what is stored, by nbval's own comparison. A mutant that leaves every notebook unchanged
survives; there should be none.

    python -m tools.mutate                   the whole table
    python -m tools.mutate sigmoid add       these operations alone

It takes no kernels: a notebook runs in a process that is forked for it, and a mutant meets only
notebooks that use its rule. (Where a rule is never called, nothing can come of a change.) Chapters
with needs of their own are left out (tools/chapters.py). Exit status 1 where a mutant survives.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import dlhand.operations  # noqa: F401 (fills the table)
from dlhand.operations.gradient import times
from dlhand.operations.quantity import constant, forget
from dlhand.operations.table import TABLE, Operation
from tools.cells import differs, shown
from tools.chapters import NOTEBOOKS, plain

SECONDS = 120  # that one notebook may take; a mutant that takes longer would be noticed
MORE = Fraction(1, 8)
MOST_ARGUMENTS = 2  # are told apart; a third is treated by its rule as the second is
FORKED = multiprocessing.get_context("forkserver")  # from a process that has worked nothing out
IMPORTED_BY_NOTEBOOKS = [
    "IPython.display",
    "ipywidgets",
    "matplotlib.backends.backend_svg",
    "sympy",
    "dlhand.plots",
    "dlhand.widgets.progress",
    "dlhand.worked",
    "tools.cells",
]
FORKED.set_forkserver_preload(IMPORTED_BY_NOTEBOOKS)


class Rule(NamedTuple):
    """One rule of the table: a value, or the derivative with respect to one argument.

    Attributes:
        operation: the name of its row
        argument: the place of the argument; None for the value
    """

    operation: str
    argument: int | None = None

    def __str__(self) -> str:
        part = "value" if self.argument is None else f"derivative, argument {self.argument + 1}"
        return f"{self.operation}: {part}"


# ---- Changed rules


def changed(rule: Rule) -> None:
    """Change this rule of the table, in this process."""
    row = TABLE[rule.operation]
    if rule.argument is None:
        row.value = _more(row)
    else:
        row.gradient = _steeper(row.gradient, rule.argument)
    forget()


def _more(row: Operation) -> Callable[..., Any]:
    value, elementwise = row.value, row.elementwise

    def mutant(ar: Any, of: Any, *rest: Any) -> Any:
        found = value(ar, of, *rest)
        if elementwise or of.shape == ():
            return ar.add(found, ar.number(MORE))
        return tuple(ar.add(entry, ar.number(MORE)) for entry in found)

    return mutant


def _steeper(gradient: Callable[..., Any], argument: int) -> Callable[..., Any]:
    def mutant(g: Any, args: Any, out: Any, params: Any) -> Any:
        found = list(gradient(g, args, out, params))
        if argument < len(found):
            right = found[argument]
            found[argument] = g if right is None else times(constant(1 + MORE), right)
        return found

    return mutant


def recorded(used: set[Rule]) -> None:
    """Let the rules of the table note their use in this process."""

    def watched(name: str, rule: Callable[..., Any], is_value: bool) -> Callable[..., Any]:
        def watching(*args: Any) -> Any:
            found = rule(*args)
            used.update([Rule(name)] if is_value else [Rule(name, k) for k in range(len(found))])
            return found

        return watching

    for name, row in TABLE.items():
        row.value = watched(name, row.value, True)
        row.gradient = watched(name, row.gradient, False)
    forget()


# ---- Notebooks in which a rule counts


@dataclass(frozen=True)
class Use:
    """That a notebook calls a rule.

    Attributes:
        notebook: which
        seconds: how long it takes to get there
    """

    notebook: Path
    seconds: float


def uses(path: Path) -> dict[Rule, Use]:
    """Which rules a notebook calls. Raises `RuntimeError` where it does not show what is stored."""
    used: set[Rule] = set()
    recorded(used)
    found: dict[Rule, Use] = {}
    start = time.monotonic()
    for cell, outputs in shown(path):
        if differs(cell.outputs, outputs):
            raise RuntimeError(f"{path.name} does not show what is stored:\n{cell.source}")
        now = Use(path, time.monotonic() - start)
        found |= {rule: now for rule in used - found.keys()}
    return found


def notices(path: Path, rule: Rule) -> str:
    """The first cell that shows something else with a changed rule; "" where none does."""
    changed(rule)
    for number, (cell, outputs) in enumerate(shown(path), 1):
        if differs(cell.outputs, outputs):
            kind = outputs[0].get("ename", "") if outputs else ""
            return f"{path.stem}, code cell {number}" + (f" ({kind})" if kind else "")
    return ""


# ---- Each in a process of its own


def apart(function: Callable[..., Any], *args: Any) -> Any:
    """What a function gives in a process that is forked for it; None where it does not end."""
    here, there = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=_send, args=(there, function, args))
    process.start()
    there.close()
    try:
        found = here.recv() if here.poll(SECONDS) else None
    except EOFError:
        found = None
    process.kill()
    process.join()
    if isinstance(found, Exception):
        raise found
    return found


def _send(there: Any, function: Callable[..., Any], args: Sequence[Any]) -> None:
    try:
        there.send(function(*args))
    except Exception as error:
        there.send(RuntimeError(str(error)))


def noticed(rule: Rule, notebooks: Sequence[Path]) -> str:
    """Where a change of this rule is noticed first; "" where it is not."""
    for path in notebooks:
        found = apart(notices, path, rule)
        if found is None:
            return f"{path.stem} (does not end)"
        if found:
            return str(found)
    return ""


# ---- The whole table


class Verdict(NamedTuple):
    """What became of a mutant.

    Attributes:
        rule: the one that was changed
        users: how many notebooks call it
        where: the cell that shows the change first; "" where none does
    """

    rule: Rule
    users: int
    where: str

    def __str__(self) -> str:
        if self.where:
            return f"noticed   {self.rule}: {self.where}"
        why = "no notebook calls it"
        if self.users:
            why = f"notebooks that call it: {self.users}; none shows it"
        return f"SURVIVED  {self.rule} ({why})"


def judge(names: Sequence[str], paths: Sequence[Path], workers: int = 2) -> Iterator[Verdict]:
    """The verdict on each rule of these operations, in their order."""
    with ThreadPoolExecutor(workers) as pool:
        calls: dict[Rule, list[Use]] = {}
        for found in pool.map(partial(apart, uses), paths):
            for rule, use in found.items():
                calls.setdefault(rule, []).append(use)
        rules = [rule for name in names for rule in _rules(name, calls)]
        order = [
            [use.notebook for use in sorted(calls.get(rule, ()), key=lambda use: use.seconds)]
            for rule in rules
        ]
        for rule, users, where in zip(rules, order, pool.map(noticed, rules, order), strict=True):
            yield Verdict(rule, len(users), where)


def _rules(name: str, calls: Mapping[Rule, Sequence[Use]]) -> Iterator[Rule]:
    """The value of an operation, and its derivative with respect to each argument it has.

    How many it has, the calls say; one at least.
    """
    yield Rule(name)
    yield from (Rule(name, k) for k in range(MOST_ARGUMENTS) if not k or Rule(name, k) in calls)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Change one rule at a time, run the notebooks.")
    parser.add_argument("names", nargs="*", help="operations; the whole table where none is given")
    names = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in TABLE]:
        parser.error(f"no operation is called {', '.join(unknown)}")
    verdicts = []
    for verdict in judge(names or list(TABLE), plain(NOTEBOOKS.glob("*.ipynb"))):
        print(verdict, flush=True)
        verdicts.append(verdict)
    survivors = [verdict for verdict in verdicts if not verdict.where]
    print(f"{len(verdicts)} mutants, {len(survivors)} survived", *survivors, sep="\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    # A notebook that is run here has a __main__ of its own, and what is sent belongs to a module.
    from tools import mutate

    sys.exit(mutate.main())
