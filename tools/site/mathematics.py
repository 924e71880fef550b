"""LaTeX as MathML, by KaTeX, when the site is built: a page needs no library for it."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

MODULES = Path(__file__).parent / "node_modules"
RUN = """
const katex = require("katex");
const wanted = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(wanted.map(([tex, displayMode]) =>
  katex.renderToString(tex, { displayMode, output: "mathml", strict: "ignore" }))));
"""
_WRAPPING = re.compile(
    r'<span class="katex">|</span>|</?semantics>|<annotation encoding="application/x-tex">.*?'
    "</annotation>",
    re.DOTALL,
)
_SIGN_OF_NUMBER = re.compile(r"(<mo[^>]*>[^)\]|}!′a-z]</mo>)<mo>(−|\+)</mo>")
"""After an operator a sign belongs to what follows, which MathML does not know."""
_DOLLARS = re.compile(r"(?<!\\)(\$\$?)(?=\S|\n)(.+?)(?<!\\)\1", re.DOTALL)
_MARK = re.compile("\ue000(\\d+)\ue001")


class Mathematics:
    """The formulas of a page, typeset together: each has a mark in the HTML until then."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[str, bool], int] = {}

    def mark(self, tex: str, display: bool = False) -> str:
        """What stands for a formula in the HTML."""
        number = self._wanted.setdefault((tex.strip(), display), len(self._wanted))
        return f"\ue000{number}\ue001"

    def marked(self, page: str) -> str:
        r"""HTML with a mark for each formula between dollar signs; \$ is a dollar sign."""

        def replace(found: re.Match[str]) -> str:
            return self.mark(html.unescape(found[2]), display=found[1] == "$$")

        return _DOLLARS.sub(replace, page).replace("\\$", "$")

    def typeset(self, page: str) -> str:
        """HTML with all formulas in place of their marks; one that KaTeX refuses is an error."""
        if not self._wanted:
            return page
        done = subprocess.run(
            [shutil.which("node") or "node", "-e", RUN],
            input=json.dumps([*self._wanted]),
            env={"NODE_PATH": str(MODULES)},
            capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"KaTeX: {done.stderr}")
        spelled = [_tidy(one) for one in json.loads(done.stdout)]
        return _MARK.sub(lambda found: spelled[int(found[1])], page)


def _tidy(mathml: str) -> str:
    """What KaTeX has written, without its LaTeX, and with signs close to their numbers."""
    return _SIGN_OF_NUMBER.sub(r'\1<mo form="prefix">\2</mo>', _WRAPPING.sub("", mathml))
