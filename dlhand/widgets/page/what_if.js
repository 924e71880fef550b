// Controls for givens beside a picture, and one result that follows them, with its curve.

import { makeControl } from "./control.js";
import { button, choice, draw, make, put } from "./dom.js";
import { makeFolds } from "./folds.js";
import { makePicture } from "./picture.js";
import { makeQueue } from "./queue.js";

function render({ model, el }) {
  const get = (name) => model.get(name);
  const save = (changes) => (model.set(changes), model.save_changes());
  const queue = makeQueue(model, (words) => put(trouble, words));
  let controls = [];

  const title = make("h3.title");
  const watch = choice("result to be watched", [], () => save({ watch: watch.value }));
  const symbol = make("span.symbol");
  const value = make("span.value");
  const was = make("p.was");
  const spoken = make("p.spoken");
  const result = make("div.result", make("div.headline", symbol, value), was, spoken);
  const list = make("div.controls");
  const curve = make("div.curve");
  const picture = makePicture();
  const trouble = make("p.trouble");
  const folds = makeFolds({
    toggle: (name) => save({ opened: get("opened").includes(name)
      ? get("opened").filter((one) => one !== name) : [...get("opened"), name] }),
    keep: () => queue.send("keep", { type: "keep" }),
  });
  const reset = button("reset", "Reset", () => queue.send("reset", { type: "reset" }));
  const root = make("section.what-if",
    make("div.head", title, make("label.watch", "result ", watch)),
    make("div.desk", picture.node, result, list, curve),
    make("div.bar", reset, ...folds.buttons), trouble, ...folds.nodes);
  root.classList.add("dlhand"); // mathematics is styled as on a static page
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours
  root.onkeydown = (event) => event.stopPropagation(); // JupyterLab takes the arrows otherwise
  list.role = "group";
  list.ariaLabel = "given";
  curve.role = "img";
  trouble.role = "alert";
  spoken.role = "status";

  function build() {
    const { title: words, givens, steps } = get("view");
    const does = {
      slide: (name, notch) => queue.send(name, { type: "slide", name, notch }),
      type: (name, text) => queue.send(name, { type: "type", name, text }),
    };
    root.ariaLabel = `what if: ${words}`;
    put(title, words);
    controls = givens.map((given, k) => makeControl(given, "notch" in get("givens")[k], does));
    list.replaceChildren(...controls.map(({ node }) => node));
    watch.replaceChildren(...sections(steps));
    show();
  }

  function show() {
    const { symbol: name, value: number, aloud, was: words } = get("result");
    get("givens").forEach((state, k) => controls[k].show(state));
    controls.forEach((one, k) => one.mark(get("view").givens[k].name === get("along")));
    watch.value = get("watch");
    draw(symbol, name);
    draw(value, number);
    put(was, words);
    put(spoken, aloud);
    showPicture(get("drawn"));
    draw(curve, get("curve").svg);
    curve.ariaLabel = get("curve").words;
    curve.hidden = !get("curve").svg;
    folds.show(get("opened"), get);
    queue.answered(get("answered"));
  }

  function showPicture({ svg, words }) {
    root.classList.toggle("dlhand-pictured", Boolean(svg));
    picture.take(svg);
    picture.show(get("watch"), () => false);
    picture.say(words);
    const box = picture.node.querySelector("svg")?.viewBox.baseVal;
    if (box) picture.node.style.setProperty("--ratio", box.width / box.height);
  }

  const handlers = { "change:view": build, change: show };
  for (const name in handlers) model.on(name, handlers[name]);
  el.append(root);
  build();
  return () => {
    queue.end();
    for (const name in handlers) model.off(name, handlers[name]);
  };
}

// The steps to choose from, by their sections.
function sections(steps) {
  const groups = new Map();
  for (const { name, section, spoken, say } of steps) {
    if (!groups.has(section)) groups.set(section, []);
    groups.get(section).push(new Option(say ? `${spoken}: ${say}` : spoken, name));
  }
  return [...groups].flatMap(([label, options]) => {
    if (!label) return options;
    const group = make("optgroup", ...options);
    group.label = label;
    return [group];
  });
}

export default { render };
