// Controls for givens beside a picture, and one result that follows them, with its curve.

import { makeControl } from "./control.js";
import { button, choice, draw, inNextFrame, make, put, reachable } from "./dom.js";
import { makeFolds } from "./folds.js";
import { needFont } from "./font.js";
import { makeKernel } from "./kernel.js";
import { makePicture } from "./picture.js";
import { filler, withPlaces } from "./places.js";
import { makeQueue } from "./queue.js";

const BESIDE = 0.62; // of the width, a picture beside the controls has

function render({ model, el }) {
  const get = (name) => model.get(name);
  const save = (changes) => (model.set(changes), model.save_changes());
  const kernel = makeKernel(model);
  const send = makeQueue(kernel, (words) => put(trouble, words));
  let controls = [];
  let sheet; // of what is drawn
  let fill;

  const title = make("h3.title");
  const watch = choice("result to be watched", [], () => save({ watch: watch.value }));
  const symbol = make("span.symbol");
  const value = make("span.value");
  const was = make("p.was");
  const spoken = make("p.spoken");
  const result = make("div.result", make("div.headline", symbol, value), was, spoken);
  const list = make("div.controls");
  const curve = makePicture();
  const picture = makePicture();
  const trouble = make("p.trouble");
  const folds = makeFolds({
    toggle: (name) => save({ opened: get("opened").includes(name)
      ? get("opened").filter((one) => one !== name) : [...get("opened"), name] }),
    keep: () => send("keep", { type: "keep" }),
  });
  const reset = button("reset", "Reset", () => send("reset", { type: "reset" }));
  const root = make("div.player",
    make("div.head", title, make("label.watch", "result ", watch)),
    make("div.desk", picture.node, result, list, curve.node),
    make("div.bar", reset, ...folds.buttons), trouble, ...folds.nodes);
  root.classList.add("dlhand", "dlhand-what-if");
  curve.node.classList.add("dlhand-curve");
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours
  root.onkeydown = (event) => event.stopPropagation(); // JupyterLab takes the arrows otherwise
  list.role = "group";
  list.ariaLabel = "given";
  trouble.role = "alert";
  spoken.role = "status";

  function build() {
    const { title: words, givens, steps } = get("view");
    const does = {
      slide: (name, notch) => send(name, { type: "slide", name, notch }),
      type: (name, text) => send(name, { type: "type", name, text }),
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
    const isOther = [follow(), curve.take(get("curve").svg)].some(Boolean); // in its size
    for (const [one, trait] of [[picture, "drawn"], [curve, "curve"]]) {
      one.show(get("watch"), () => false);
      one.say(get(trait).words);
    }
    root.classList.toggle("dlhand-pictured", !picture.node.hidden);
    folds.show(get("opened"), get);
    if (isOther) arrangeSoon();
  }

  // Draws the picture anew if more than its texts is another; tells whether its size is.
  function follow() {
    let isOther = false;
    if (sheet !== get("sheet")) {
      sheet = get("sheet");
      isOther = picture.take(withPlaces(sheet));
      fill = filler(picture.node);
    }
    fill(get("drawn").texts);
    return isOther;
  }

  function arrange() {
    const isBeside = !picture.node.hidden && picture.wanted() <= BESIDE * root.clientWidth;
    root.classList.toggle("dlhand-beside", isBeside);
    for (const one of [picture, curve]) {
      one.fit();
      reachable(one.node);
    }
  }

  const arrangeSoon = inNextFrame(arrange);
  const watched = () => requestAnimationFrame(picture.scroll); // to what is lit
  const handlers = { "change:view": build, change: show, "change:watch": watched, "msg:custom": kernel.hear };
  for (const name in handlers) model.on(name, handlers[name]);
  const watching = new ResizeObserver(arrangeSoon);
  watching.observe(root);
  el.append(root);
  build();
  watched();
  needFont(kernel.ask);
  return () => {
    watching.disconnect();
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
