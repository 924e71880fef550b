"""The players of a chapter, on a page that has nothing but them: no JupyterLab, and no kernel.

A chapter's cells are run here, in this process. Each player that they show is put onto the page
with the module and the style sheet that it carries, and with a model that has its state.
"""

import ast
import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import jupytext

from dlhand.widgets.film import Film
from dlhand.widgets.player import Player
from dlhand.widgets.quiz import QuizView
from dlhand.widgets.table import TableView
from dlhand.widgets.what_if import WhatIf
from tools.chapters import NOTEBOOKS, plain

CHAPTERS = plain((NOTEBOOKS / "src").glob("*.py"))
"""The sources of the chapters, but that which needs what is not installed here."""

PAGE = """<!doctype html><html lang="en"><title>A page</title><meta name="color-scheme"
content="light dark"><body style="margin: 0"><main class="jp-OutputArea-output"></main></body>
</html>"""

# Shows one player. Its model becomes `model`; what it would send to Python goes into `asked`.
SHOW = """async ({ esm, css, state }) => {
  const style = document.querySelector("style") ?? document.head.appendChild(document.createElement("style"));
  style.textContent = css;
  const handlers = {};
  window.asked = [];
  window.model = {
    get: (name) => state[name],
    set(changes) {
      Object.assign(state, changes);
      for (const name in changes) handlers[`change:${name}`]?.();
      handlers.change?.();
    },
    save_changes() {},
    send: (message) => asked.push(message),
    on: (name, handler) => (handlers[name] = handler),
    off: (name) => delete handlers[name],
  };
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  document.querySelector("main").replaceChildren();
  module.default.render({ model, el: document.querySelector("main") });
}"""  # noqa: E501


def players(chapter: Path) -> Iterator[Player]:
    """Each player that a chapter shows, in order, as its cell makes it."""
    names: dict[str, object] = {"__name__": "__main__", "display": lambda *shown: None}
    for cell in jupytext.read(chapter, fmt="py:percent").cells:
        if cell.cell_type == "code":
            shown = _run(cell.source, names)
            if isinstance(shown, Player):
                yield shown


def _run(source: str, names: dict[str, object]) -> object:
    """Run a cell, and give what it shows: the value of an expression at its end."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(tree, "a cell", "exec"), names)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), "a cell", "eval"), names)
    return None


def carried(player: Player) -> dict[str, object]:
    """What a player takes to the page, among the sheets of all other widgets, in any order."""
    state = {name: value for name, value in player.get_state().items() if name[0] != "_"}
    others = "".join([kind._css for kind in (Film, QuizView, TableView, WhatIf)])
    return {"esm": player._esm, "css": f"{others}\n{player._css}\n{others}", "state": state}
