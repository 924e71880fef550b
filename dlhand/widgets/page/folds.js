// What is folded below the picture: the steps that have changed, two settings compared, the code.
// What is closed costs nothing: Python works it out when it is opened.

import { button, draw, make, put } from "./dom.js";

// `does` has toggle(name) and keep().
export function makeFolds(does) {
  const changed = makeChanged();
  const compared = makeCompared(does.keep);
  const code = makeCode();
  const parts = { steps: changed, compare: compared, code };
  const toggles = Object.entries({ steps: "Steps", compare: "Compare", code: "Code" })
    .map(([name, text]) => [name, button("toggle", text, () => does.toggle(name))]);

  return {
    buttons: toggles.map(([, press]) => press),
    nodes: Object.values(parts).map(({ node }) => node),

    show(opened, get) {
      for (const [name, press] of toggles) {
        press.ariaExpanded = opened.includes(name);
        parts[name].node.hidden = !opened.includes(name);
      }
      changed.show(get("changed"));
      compared.show(get("compared"));
      code.show(get("written"));
    },
  };
}

// A region that scrolls by itself and can have the focus for it.
function makeRegion(kind, label, ...children) {
  const node = make(kind, ...children);
  node.role = "region";
  node.ariaLabel = label;
  node.tabIndex = 0;
  return node;
}

function makeChanged() {
  const list = make("ol.changed");
  const none = make("p", "Nothing has changed yet: move a slider.");
  const node = makeRegion("div.fold", "steps that have changed", none, list);

  function show(steps) {
    none.hidden = steps.length > 0;
    while (list.children.length > steps.length) list.lastChild.remove();
    steps.forEach((step, k) => {
      const row = list.children[k] ?? list.appendChild(makeRow());
      step.forEach((markup, part) => draw(row.children[part], markup));
    });
  }

  return { node, show };
}

const makeRow = () => make("li.row", make("span.formula"), make("span.then"), make("span.now"));

function makeCompared(keep) {
  const words = make("span.kept");
  const table = makeRegion("div.fold", "two settings side by side");
  table.classList.add("dl-wide");
  const node = make("div",
    make("div.bar", button("keep", "Keep this setting", keep), words), table);

  function show({ kept = "", table: markup = "" }) {
    put(words, kept);
    draw(table, markup); // within what scrolls, so that it stays where it is
  }

  return { node, show };
}

function makeCode() {
  const code = make("pre.code");
  const copied = make("span.copied");
  const node = make("div.bar", code, button("copy", "Copy", copy), copied);
  code.ariaLabel = "code that gives these numbers";
  code.tabIndex = 0;
  copied.role = "status";

  async function copy() {
    try {
      await navigator.clipboard.writeText(code.textContent);
      put(copied, "copied");
    } catch { // not allowed here
      getSelection().selectAllChildren(code);
      put(copied, "selected: copy it with Ctrl+C");
    }
  }

  function show(text) {
    if (code.textContent !== text) put(copied, "");
    put(code, text);
  }

  return { node, show };
}
