// The step player. All steps are in the page: Python is asked to judge an answer, for a last hint,
// and for what is dear to work out after the numbers have changed.

import { makeBar } from "./bar.js";
import { button, draw, make, put, reachable } from "./dom.js";
import { makeGivens } from "./givens.js";
import { makeKernel } from "./kernel.js";
import { moveOf } from "./moves.js";
import { makePicture } from "./picture.js";
import { makePlay, playsBy } from "./play.js";
import { makeSettings } from "./settings.js";
import { makeStep } from "./step.js";

const DONE = ["right", "rounded early"];
const KEYS = "Keys: arrows, Home, End; P plays; Enter to the answer, Escape back.";

function render({ model, el }) {
  const get = (name) => model.get(name);
  const save = (changes) => (model.set(changes), model.save_changes());
  const steps = () => get("view").steps;
  const entry = (name) => steps()[places.get(name)] ?? get("view").givens.find((one) => one.name === name);
  const clamp = (k) => Math.max(0, Math.min(k, steps().length - 1));
  const position = () => clamp(get("position"));
  const reached = () => Math.max(position(), get("revealed"));
  let items = []; // the steps in the list
  let places = new Map(); // where a step is, by its name
  let shown; // the last position
  let seen = 0; // how many steps have been in sight
  let effect = ""; // what rounding by hand has been told to do

  const title = make("h3.title");
  const about = make("p.about");
  const list = make("ol.steps");
  const spoken = make("p.spoken");
  const kernel = makeKernel(model);
  const play = makePlay(playOn);
  const settings = makeSettings(save);
  const picture = makePicture();
  const givens = makeGivens(link);
  const bar = makeBar({
    move: (by) => go(position() + by),
    jump: go,
    reveal: revealAll,
    predict: (predict) => save({ predict }),
  }, play);
  const body = make("div.body", list, picture.node);
  const root = make("section.player", title, about, givens.node, bar.node, settings.node,
    body, make("p.keys", KEYS), spoken);
  list.tabIndex = 0; // what scrolls can have the focus
  list.ariaLabel = "steps";
  spoken.role = "status";
  root.classList.add("dlhand"); // matrices are styled as on a static page
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours
  root.onkeydown = key;
  root.addEventListener("focusin", ({ target }) => target.form && play.pause());

  // The same once more is other text, or it would not be spoken again.
  function say(text) {
    spoken.textContent = spoken.textContent === text ? `${text}\u00a0` : text;
  }

  const forSteps = {
    say,
    link,
    scroll,
    reveal(name) {
      open(name);
      list.focus({ preventScroll: true }); // the button that had the focus is gone
    },
    check(name, text, tell) {
      const answered = ({ verdict, message }) => tell(verdict, message);
      kernel.ask({ type: "check", name, text }, answered, (late) => tell("unreadable", late));
    },
    hint: (name, tell) => kernel.ask({ type: "hint", name }, ({ text }) => tell(text), tell),
  };

  // ---- What is seen

  function build() {
    const view = get("view");
    root.ariaLabel = `step player: ${view.title}`;
    put(title, view.title);
    put(about, view.about);
    places = new Map(view.steps.map((step, k) => [step.name, k]));
    givens.build(view);
    bar.build(view.steps);
    items = view.steps.map((step, k) => makeStep(step, k + 1, forSteps));
    list.replaceChildren(...items.map(({ node }) => node));
    view.steps.forEach(({ section }, k) => {
      const isNew = section && section !== view.steps[k - 1]?.section;
      if (isNew) items[k].node.prepend(make("h4.section", section));
    });
    shown = undefined;
    seen = 0;
    fill();
  }

  function fill() {
    const { givens: values, steps: numbers } = get("numbers");
    const { printed } = get("settled");
    givens.fill(values);
    items.forEach((item, k) => item.fill(numbers[k], printed[steps()[k].name] ?? []));
    requestAnimationFrame(reach);
  }

  function settled() {
    const { told, picture: svg } = get("settled");
    if (told && told !== effect) say(told);
    effect = told;
    fill();
    picture.take(svg);
    body.classList.toggle("dlhand-pictured", Boolean(svg));
    kernel.settled(get("settled"));
  }

  function show() {
    const at = position();
    const open = new Set(get("predict") ? get("opened") : places.keys());
    showSteps(at, open);
    showPicture(at, open);
    const done = Object.values(get("attempts")).filter(({ verdict }) => DONE.includes(verdict));
    bar.show(at, items.length, done.length, get("predict"));
    settings.show(get("digits"), get("places"), get("rounding"), effect);
    givens.show(open.has(steps()[at]?.name) ? steps()[at].uses : []);
    if (at !== shown && items.length) {
      scroll(items[at].node);
      picture.scroll();
    }
    shown = at;
    const fresh = [...items.slice(seen, reached() + 1), ...items.slice(at, at + 1)];
    seen = reached() + 1;
    requestAnimationFrame(() => fresh.forEach(({ line }) => reachable(line))); // once laid out
  }

  // Whatever scrolls, when the numbers are others or the page has grown narrow.
  function reach() {
    for (const { node, line } of items) if (!node.hidden) reachable(line);
    for (const node of [givens.list, picture.node]) reachable(node);
  }

  function showSteps(at, open) {
    const [far, digits, attempts] = [reached(), digitsAsked(), get("attempts")];
    items.forEach((item, k) => {
      const { name } = steps()[k];
      item.recall(attempts[name]);
      item.show(k <= far, k === at, !open.has(name), digits);
    });
  }

  // Of steps that are hidden or not reached, neither the picture nor its words tell the numbers.
  function showPicture(at, open) {
    const far = reached();
    const isToCome = (name) => places.has(name) && (!open.has(name) || places.get(name) > far);
    const isWhole = ![...places.keys()].some(isToCome);
    picture.show(steps()[at]?.name, isToCome);
    picture.say(isWhole ? get("settled").alternative : "picture of the steps, as far as they have come");
  }

  function digitsAsked() {
    const [digits, decimals] = [get("digits"), get("places")];
    const count = decimals ?? digits ?? 5;
    const kind = decimals === null ? "significant digit" : "decimal place";
    return `asked for: ${count} ${kind}${count === 1 ? "" : "s"}, or an exact fraction`;
  }

  // Scrolls the list alone, not the notebook.
  function scroll({ offsetTop, offsetHeight }) {
    const low = offsetTop + offsetHeight - list.clientHeight;
    list.scrollTop = Math.min(offsetTop, Math.max(low, list.scrollTop));
  }

  // ---- What is done

  function step(target) {
    if (!items.length) return;
    const at = clamp(target);
    save({ position: at, revealed: Math.max(at, get("revealed")) });
    say(`step ${at + 1} of ${items.length}: ${steps()[at].say} ${items[at].inWords()}`);
  }

  function go(target) {
    play.pause();
    step(target);
  }

  // From the last step it begins again; it waits where a result is to be found first.
  function playOn() {
    const last = clamp(Infinity);
    step(position() === last ? 0 : position() + 1);
    const { name } = steps()[position()] ?? {};
    return position() < last && !(get("predict") && !get("opened").includes(name));
  }

  const open = (...names) => save({ opened: [...new Set([...get("opened"), ...names])] });

  function revealAll() {
    play.pause();
    save({ revealed: clamp(Infinity) });
    open(...places.keys());
  }

  // A link to a given or a step, such as one that another step uses.
  function link(name) {
    const node = button("link", "", () => follow(name));
    draw(node, entry(name).symbol);
    node.ariaLabel = node.textContent; // mathematics alone gives a button no name
    return node;
  }

  function follow(name) {
    if (!places.has(name)) return givens.follow(name);
    go(places.get(name));
    list.focus({ preventScroll: true });
  }

  function key(event) {
    const { key, target } = event;
    const by = moveOf(event);
    const isField = target.matches("input, select");
    if (key === "Escape") list.focus();
    else if (key === "Enter" && target === list) items[position()]?.answer();
    else if (key === "Enter" && isField && target.form) target.form.requestSubmit(); // not Enter alone, in JupyterLab
    else if (isField || target.matches(".dlhand-scrolls")) return;
    else if (playsBy(event)) play.toggle();
    else if (!by) return;
    else if (givens.list.contains(target)) givens.move(target, by);
    else go(position() + by);
    event.preventDefault();
  }

  const handlers = {
    "change:view": build,
    "change:numbers": () => (fill(), kernel.settle()),
    "change:settled": settled,
    change: show,
    "msg:custom": kernel.hear,
  };
  for (const name in handlers) model.on(name, handlers[name]);
  const watch = new ResizeObserver(() => requestAnimationFrame(reach));
  watch.observe(root);
  el.append(root);
  build();
  settled();
  show();
  return () => {
    play.pause();
    watch.disconnect();
    for (const name in handlers) model.off(name, handlers[name]);
  };
}

export default { render };
