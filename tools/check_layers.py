"""Check that imports inside dlhand point downwards only.

A room is a module or folder directly under dlhand/. TABLE says for each what it may import: other
rooms and packages, anywhere or only inside functions (imports under `if TYPE_CHECKING:` count as
such). The standard library is open to all. A new room needs a row here: that is where it is
decided what the room knows.

    python tools/check_layers.py
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "dlhand"


@dataclass(frozen=True)
class Room:
    """What one room may import, beside itself and the standard library.

    Attributes:
        anywhere: rooms and packages that any line may import
        inside: rooms and packages that only the body of a function may import
    """

    anywhere: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()


def room(anywhere: str = "", inside: str = "") -> Room:
    """A row of the table: names with spaces between them."""
    return Room(frozenset(anywhere.split()), frozenset(inside.split()))


ENGINE = "errors numbers operations derivation"
JUDGES = "verify check"
WIDGETS = "ipywidgets anywidget traitlets"

TABLE = {
    "errors": room(),
    "numbers": room("errors mpmath"),
    "operations": room("errors numbers"),
    "derivation": room("errors numbers operations", "sympy"),
    "verify": room(ENGINE),
    "check": room(f"{ENGINE} verify"),
    # What a learner answered, kept in a file. It is handed derivations and judgements.
    "journal": room("", "derivation check"),
    "render": room(f"{ENGINE} {JUDGES}"),
    # What is said to a learner in words: the last hint, and what rounding by hand does.
    "hints": room(f"{ENGINE} check render"),
    "by_hand": room(f"{ENGINE} check render"),
    # Code that makes a derivation again, by the name of its example if it has one.
    "snippet": room(ENGINE, "examples"),
    # What a terminal or a file can take.
    "terminal": room(),
    # The facade: a derivation with its views, which stand above it and are fetched when asked for.
    "worked": room(f"{ENGINE} {JUDGES}", "render widgets pictures plots examples"),
    # What an example is made of, for any sizes; a learner's own, too.
    "calculators": room(f"{PACKAGE} errors numbers operations derivation worked"),
    # An example declares; it neither renders nor draws.
    "examples": room(f"{PACKAGE} errors operations derivation worked calculators"),
    "lessons": room(f"{PACKAGE} {ENGINE} worked calculators"),
    "audit": room(f"{ENGINE} {JUDGES} render examples"),
    # Pictures in plain SVG; grandalf lays graphs out.
    "pictures": room(f"{ENGINE} {JUDGES} render grandalf", "grandalf"),
    "plots": room(f"{ENGINE} render worked calculators", "matplotlib"),
    "widgets": room(
        f"{ENGINE} {JUDGES} journal hints by_hand snippet render pictures worked {WIDGETS}", "plots"
    ),
    "cli": room(f"{PACKAGE} {ENGINE} {JUDGES} journal render worked examples audit terminal"),
    "__main__": room("cli"),
    # The public names, each imported when it is first used.
    PACKAGE: room(
        "errors",
        f"{ENGINE} {JUDGES} render worked examples pictures plots widgets cli calculators",
    ),
}


@dataclass(frozen=True)
class Import:
    """One imported module: its dotted name, the line, and whether only a function imports it."""

    module: str
    line: int
    inside: bool


def _is_type_checking(node: ast.AST, child: ast.AST) -> bool:
    """Whether `child` stands in the body of `node`, an `if TYPE_CHECKING:`."""
    return (
        isinstance(node, ast.If)
        and ast.unparse(node.test).endswith("TYPE_CHECKING")
        and child in node.body
    )


def _names(node: ast.AST, package: str) -> Iterator[str]:
    """The modules that one node imports, as dotted names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        # `from dlhand import render` names a room, `from dlhand import sigmoid` the facade.
        for alias in node.names:
            yield f"{module}.{alias.name}" if module == PACKAGE and alias.name in TABLE else module
    elif (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("import_module")
        and isinstance(node.args[0], ast.Constant)
    ):
        yield str(node.args[0].value)


def imports(node: ast.AST, package: str, inside: bool = False) -> Iterator[Import]:
    """All imports at and below `node`, a piece of a module of the package named."""
    for name in dict.fromkeys(_names(node, package)):
        yield Import(name, getattr(node, "lineno", 0), inside)
    inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from imports(child, package, inside or _is_type_checking(node, child))


def room_of(module: str) -> str:
    """The room of a dotted module name of the package; the facade's name is the package's."""
    return module.split(".")[1] if "." in module else module


def fault(own: str, found: Import) -> str:
    """What is wrong with an import in the room `own`; "" where it is allowed."""
    top = found.module.split(".")[0]
    wanted = room_of(found.module) if top == PACKAGE else top
    if top != PACKAGE and top in sys.stdlib_module_names:
        return ""
    if own not in TABLE:
        return f"the room {own} has no row in tools/check_layers.py"
    if wanted == own or wanted in TABLE[own].anywhere:
        return ""
    if wanted not in TABLE[own].inside:
        return f"{own} may not import {wanted}"
    return "" if found.inside else f"{own} may import {wanted} only inside a function"


def all_imports(root: Path) -> Iterator[tuple[str, str, Import]]:
    """Each import below `root`/dlhand, with the file that has it and the room of that file."""
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        package = ".".join(parts[:-1])
        for found in imports(ast.parse(path.read_text(encoding="utf-8")), package):
            yield path.relative_to(root).as_posix(), room_of(module), found


def faults(root: Path) -> Iterator[str]:
    """One line for each import below `root`/dlhand that the table does not allow."""
    for path, own, found in all_imports(root):
        if text := fault(own, found):
            yield f"{path}:{found.line}: {text}"


def rooms(root: Path) -> set[str]:
    """The rooms that there are: the facade, and the modules and folders under `root`/dlhand."""
    files = (root / PACKAGE).glob("*.py")
    folders = (path.parent for path in (root / PACKAGE).glob("*/*.py"))
    return {PACKAGE, *(path.stem for path in files if path.stem != "__init__")} | {
        folder.name for folder in folders
    }


def stale(root: Path, table: Mapping[str, Room] = TABLE) -> Iterator[str]:
    """One line for each row and each permission that is for nothing below `root`/dlhand.

    A row is, if its room is gone; a package, if no module of its room imports it. Of other rooms a
    row says what may be, and that stays.
    """
    there = rooms(root)
    used = {(own, found.module.split(".")[0]) for _, own, found in all_imports(root)}
    for own, row in table.items():
        if own not in there:
            yield f"the row {own} is of a room that is gone"
            continue
        for name in sorted(row.anywhere | row.inside):
            if name in table:
                if name not in there:
                    yield f"the row {own} allows {name}, a room that is gone"
            elif (own, name) not in used:
                yield f"the row {own} allows {name}, which no module there imports"


def main() -> int:
    found = [*faults(ROOT), *stale(ROOT)]
    print(*found, f"layers checked, {len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
