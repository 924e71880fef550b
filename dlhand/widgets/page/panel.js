// What stands between the controls of a what-if and its player: back to the start, two settings
// compared, the code. What is closed costs nothing: Python works it out when it is opened.

import { button, draw, make, put } from "./dom.js";
import { nameControls } from "./controls.js";

function render({ model, el }) {
  const get = (name) => model.get(name);
  const save = (changes) => (model.set(changes), model.save_changes());
  const toggle = (name, text) => button("toggle", text, () => save({ [name]: !get(name) }));

  const comparing = toggle("comparing", "Compare");
  const coding = toggle("coding", "As code");
  const trouble = make("p.trouble");
  const code = make("pre.code");
  const copied = make("span.copied");
  const coded = make("div.coded", code, button("copy", "Copy", copy), copied);
  const kept = make("span.kept");
  const table = make("div.compared");
  const compared = make("div",
    make("div.bar", button("keep", "Keep this setting", () => model.send({ type: "keep" })), kept),
    table);
  const reset = button("reset", "Reset", () => model.send({ type: "reset" }));
  const root = make("section.panel",
    make("div.bar", reset, comparing, coding), trouble, coded, compared);
  root.ariaLabel = "what if";
  root.classList.add("dlhand"); // mathematics is styled as on a static page
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours
  trouble.role = "alert";
  copied.role = "status";
  table.classList.add("dl-wide");
  table.role = "region";
  table.ariaLabel = "two settings side by side";
  code.ariaLabel = "code that gives these numbers";
  code.tabIndex = table.tabIndex = 0; // what scrolls can have the focus

  async function copy() {
    try {
      await navigator.clipboard.writeText(code.textContent);
      put(copied, "copied");
    } catch { // not allowed here
      getSelection().selectAllChildren(code);
      put(copied, "selected: copy it with Ctrl+C");
    }
  }

  function sync() {
    comparing.ariaPressed = get("comparing");
    coding.ariaPressed = get("coding");
    compared.hidden = !get("comparing");
    coded.hidden = !get("coding");
    put(trouble, get("trouble"));
    if (code.textContent !== get("code")) put(copied, "");
    put(code, get("code"));
    put(kept, get("kept"));
    draw(table, get("table")); // within what scrolls, so that it stays where it is
  }

  el.append(root);
  model.on("change", sync);
  sync();
  const leave = nameControls(root);
  return () => {
    model.off("change", sync);
    leave();
  };
}

export default { render };
