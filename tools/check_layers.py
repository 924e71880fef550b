"""Check that imports inside dlhand point downwards only, and that an operation has one home.

A room is a module or folder directly under dlhand/. TABLE says for each what it may import: other
rooms and packages, anywhere or only inside functions (imports under `if TYPE_CHECKING:` count as
such). The standard library is open to all. A new room needs a row here: that is where it is
decided what the room knows. The rows have no circle, and none is for nothing.

What is known of an operation stands in its row, a call of `Operation` below dlhand/operations/.
Nothing else tells operations apart by their names: it is handed a row, or asks it.

    python tools/check_layers.py
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "dlhand"


@dataclass(frozen=True)
class Room:
    """What one room may import, beside itself and the standard library.

    Attributes:
        anywhere: rooms and packages that any line may import
        inside: rooms and packages that only the body of a function may import
        above: of a facade, the rooms that it shows and does not build on: they may import it, and
            it fetches each when it is asked for, inside a function
    """

    anywhere: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()

    @property
    def allowed(self) -> frozenset[str]:
        """All that it may import somewhere."""
        return self.anywhere | self.inside | self.above


def room(anywhere: str = "", inside: str = "", above: str = "") -> Room:
    """A row of the table: names with spaces between them."""
    return Room(*(frozenset(names.split()) for names in (anywhere, inside, above)))


ENGINE = "errors numbers operations derivation"
WIDGETS = "ipywidgets anywidget traitlets"

TABLE = {
    "errors": room(),
    # Files, written whole or not at all.
    "files": room("errors"),
    # Packages that not everybody has.
    "extras": room("errors"),
    "numbers": room("errors mpmath"),
    "operations": room("errors numbers"),
    "derivation": room("errors numbers operations", "sympy"),
    # How mathematics is written: LaTeX, text, MathML, and pages of these.
    "render": room(ENGINE),
    # Which slip a wrong number comes from, and the sentence that says it.
    "diagnosis": room(f"{ENGINE} render"),
    # Pictures in plain SVG.
    "pictures": room(f"{ENGINE} render"),
    # What a learner answers, how it is judged, and what is kept of it.
    "learner": room(f"{ENGINE} render diagnosis", "platformdirs"),
    # The facade: a derivation with all that is made of one.
    "worked": room(
        f"{ENGINE} pictures", "render learner diagnosis", above="verdicts widgets slides"
    ),
    # What an example is made of, for any sizes; a learner's own, too.
    "calculators": room(f"{PACKAGE} errors numbers operations derivation worked"),
    # An example declares; it neither renders nor draws.
    "examples": room(f"{PACKAGE} errors operations derivation worked calculators"),
    # Verdicts on the numbers that documents print, and on those of all examples.
    "verdicts": room(f"{ENGINE} files render diagnosis examples"),
    # What all examples and chapters make together: quizzes, the map, the table of errata.
    "course": room("errors numbers verdicts render examples", "widgets"),
    "plots": room(f"{ENGINE} extras render worked calculators", "matplotlib"),
    "widgets": room(f"{ENGINE} extras render pictures learner verdicts {WIDGETS}"),
    # Decks of slides. Of the widgets they have the style of lit pictures.
    "slides": room(f"{ENGINE} files render pictures examples widgets", "worked"),
    # Examples with fresh numbers: practice, sheets for a class, and these marked.
    "exercises": room(
        f"{ENGINE} files extras render pictures learner diagnosis examples", "widgets worked"
    ),
    # The reading pages: the widgets with what they would ask a kernel for.
    "site": room(f"{ENGINE} render diagnosis learner widgets"),
    # The code of a document in Keras and PyTorch, which are an extra, beside the examples.
    "frameworks": room(f"{ENGINE} render worked examples"),
    # A copy of the chapters, and JupyterLab, an extra, on it.
    "lab": room(f"{PACKAGE} errors files jupyter_server", "jupyterlab nbformat"),
    # What a terminal or a file can take.
    "terminal": room(),
    "cli": room(
        f"{ENGINE} files extras render learner worked examples verdicts course slides exercises "
        "lab terminal"
    ),
    "__main__": room("cli"),
    # The public names, each imported when it is first used.
    PACKAGE: room("errors", above=f"{ENGINE} worked calculators examples course exercises plots"),
}

NAMERS = {
    "operations/numpy_names.py": "NumPy's names, some of which are ours, too",
    "operations/quantity.py": "NumPy's names of what is written with signs",
    "render/font.py": "a style of CSS has the name of a distribution",
    "render/phrases.py": "LaTeX's names of functions, in sentences that people write",
}
"""Modules that may list names of operations, and why."""
MAY_NAME = frozenset({PACKAGE, "numbers", "calculators", "examples"})
"""Rooms in which such a name is that of a function: of numbers, or the public one of a user."""


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
    if wanted not in TABLE[own].allowed:
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
        for name in sorted(row.allowed):
            if name in table:
                if name not in there:
                    yield f"the row {own} allows {name}, a room that is gone"
            elif (own, name) not in used:
                yield f"the row {own} allows {name}, which no module there imports"


def circles(table: Mapping[str, Room] = TABLE) -> Iterator[str]:
    """A line for a circle of rooms that may import each other, if there is one."""
    below = {own: (row.anywhere | row.inside) & table.keys() for own, row in table.items()}
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        yield f"a circle of rooms: {' - '.join(reversed(error.args[1]))}"


@dataclass(frozen=True)
class Named:
    """The name of an operation as it stands in a module, and whether it is that of a row there."""

    name: str
    path: str
    line: int
    is_row: bool

    @property
    def room(self) -> str:
        """The room of the module."""
        top = self.path.split("/")[0].removesuffix(".py")
        return PACKAGE if top == "__init__" else top


def _listed(node: ast.AST) -> Iterator[ast.expr]:
    """What a node lists or compares: the entries of a display, the keys of a dictionary, sides."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        yield from node.elts
    elif isinstance(node, ast.Dict):
        yield from (key for key in node.keys if key is not None)
    elif isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.MatchValue):
        yield node.value


def _is_of_python(node: ast.AST) -> bool:
    """Whether a node sets names of Python's own, such as __slots__ and __all__."""
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id.startswith("__") for target in node.targets
    )


def names_in(node: ast.AST, path: str) -> Iterator[Named]:
    """The strings at and below `node` that begin a row, or are listed or compared."""
    if _is_of_python(node):
        return
    is_row = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Operation")
    found = node.args[:1] if isinstance(node, ast.Call) and is_row else _listed(node)
    for part in found:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield Named(part.value, path, part.lineno, is_row)
    if not is_row:  # a row may say all that it wants of itself
        for child in ast.iter_child_nodes(node):
            yield from names_in(child, path)


def second_homes(root: Path, namers: Mapping[str, str] = NAMERS) -> Iterator[str]:
    """One line for each second row of a name, and for each name that is listed outside its row.

    A permission to list names that nothing needs is told of, too.
    """
    found: list[Named] = []
    for path in sorted((root / PACKAGE).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += names_in(tree, path.relative_to(root / PACKAGE).as_posix())
    homes: dict[str, Named] = {}
    for one in found:
        if one.is_row and one != homes.setdefault(one.name, one):
            first = homes[one.name]
            yield (
                f"{PACKAGE}/{one.path}:{one.line}: a second row of the operation {one.name}, "
                f"which has one in {first.path}:{first.line}"
            )
    listed = [one for one in found if one.name in homes and not one.is_row]
    for one in listed:
        if one.path not in namers and one.room not in MAY_NAME:
            yield f"{PACKAGE}/{one.path}:{one.line}: {one.name} is named outside its row"
    for path_ in sorted(namers.keys() - {one.path for one in listed}):
        yield f"{path_} may list names of operations, and lists none"


def main() -> int:
    found = [*faults(ROOT), *stale(ROOT), *circles(), *second_homes(ROOT)]
    print(*found, f"layers checked, {len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
