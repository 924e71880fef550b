// The step player, built around one step. All steps are in the page: Python is asked to judge an
// answer, for a last hint, and for what is dear to work out after the numbers have changed.

import { makeCard } from "./card.js";
import { button, draw, inNextFrame, make, put, reachable } from "./dom.js";
import { needFont } from "./font.js";
import { makeKernel } from "./kernel.js";
import { makeList } from "./list.js";
import { makeMenu } from "./menu.js";
import { makeMoves, moveOf } from "./moves.js";
import { makePicture } from "./picture.js";
import { makePlay, playsBy } from "./play.js";

const DONE = ["right", "rounded early"];
const ROOM = 700; // pixels: two columns from here on
const MORE = 760; // and with the picture beside the step, even one that scrolls there
const WIDEST = 58; // per cent of the width, for the picture beside the step
const LOW = [112, 80]; // pixels: how low the picture gets before the formula, and after it

function render({ model, el }) {
  const get = (name) => model.get(name);
  const save = (changes) => (model.set(changes), model.save_changes());
  const steps = () => get("view").steps;
  const clamp = (k) => Math.max(0, Math.min(k, steps().length - 1));
  const position = () => clamp(get("position"));
  const reached = () => Math.max(position(), get("revealed"));
  const isAlike = (name) => get("predict") && get("worked").includes(name);
  const isOpen = (name) => !get("predict") || get("opened").includes(name) || isAlike(name)
    || !places.has(name);
  const isFound = (name) => Boolean(get("attempts")[name]?.found);
  const verdictOf = (name) => {
    const { verdict } = get("attempts")[name] ?? {};
    return isFound(name) && !DONE.includes(verdict) ? "right" : verdict; // what was found stays found
  };
  const hidden = () => (get("predict") ? get("hide") : "");
  let places = new Map(); // where a step is, by its name
  let isLed = false; // somebody has gone on: the page follows
  let shown; // the last position
  let prints = false; // whether what the document prints is shown
  let effect = ""; // what rounding by hand has been told to do

  const title = make("h3.title");
  const section = make("span.section");
  const progress = make("span.progress");
  const spoken = make("p.spoken");
  const given = make("span.given");
  const list = make("ul.givens");
  const about = make("p.about");
  const givens = make("details.given-part", make("summary", "Given: ", given), about, list);
  const kernel = makeKernel(model);
  const picture = makePicture();
  const play = makePlay(playOn, () =>
    !isOpen(current().name) ? "waits" : position() < clamp(Infinity) ? "on" : "ends");
  const moves = makeMoves((by, isPointed) => go(position() + by, isPointed), { Previous: -1, Next: 1 });
  const menu = makeMenu({
    save, reveal: revealAll, restart, present,
    jump: (k) => go(k, true),
    prints: (wanted) => ((prints = wanted), show()),
  }, play.pace);
  const arrangeSoon = inNextFrame(arrange);
  const card = makeCard({
    say,
    changed: arrangeSoon,
    check(name, text, tell) {
      const answered = ({ verdict, message }) => tell(verdict, message);
      kernel.ask({ type: "check", name, text }, answered, (late) => tell("unreadable", late));
    },
    hint: (name, tell) => kernel.ask({ type: "hint", name }, ({ text }) => tell(text), tell),
    helped,
    reveal(name) {
      helped(name);
      open(name);
      say(card.inWords());
      card.focus();
    },
    next() {
      if (position() === clamp(Infinity)) return say("this was the last step");
      step(position() + 1); // where it is played, that goes on
      card.focus();
    },
  });
  const earlier = makeList(go);
  const another = button("another", "Another one", () => (play.pause(), model.send({ type: "another" })));
  another.hidden = !get("problem");
  const [previous, next] = moves.nodes;
  const body = make("div.body", picture.node, card.node, earlier.node);
  const root = make("div.player",
    make("div.bar", make("div.heading", title, section),
      make("div.moves", previous, progress, next, play.node), another, menu.node),
    givens, body, spoken);
  spoken.role = "status";
  root.classList.add("dlhand", "dlhand-step-player"); // matrices are styled as on a static page
  root.tabIndex = -1; // for the keys
  root.dataset.lmSuppressShortcuts = "true"; // they are ours
  root.onkeydown = key;
  root.onclick = ({ target }) => {
    const isIdle = target.closest(".dlhand-body") && !target.closest("button, input") && !String(getSelection());
    if (isIdle) card.focus();
  };

  const current = () => steps()[position()] ?? {};

  // The same once more is other text, or it would not be spoken again.
  function say(text) {
    spoken.textContent = spoken.textContent === text ? `${text}\u00a0` : text;
  }

  // ---- What is seen

  function build() {
    const view = get("view");
    root.ariaLabel = `step player: ${view.title}`;
    put(title, get("problem") ? `${view.title}, problem ${get("problem")}` : view.title);
    put(about, view.about);
    places = new Map(view.steps.map((step, k) => [step.name, k]));
    list.replaceChildren(...view.givens.map(({ symbol, remark }) => {
      const item = make("li", make("span"), make("span"), make("span"));
      [symbol, "", remark].forEach((markup, k) => draw(item.children[k], markup));
      return item;
    }));
    menu.build(view.steps);
    earlier.build(view.steps);
    shown = undefined;
    fill();
  }

  function fill() {
    const { givens: values } = get("numbers");
    const symbols = get("view").givens.map(({ symbol }) => symbol);
    values.forEach((value, k) => draw(list.children[k].children[1], value));
    const inLine = values.map((value) => (value.includes("mtable") ? "" : value)); // one line is not for arrays
    draw(given, inLine.map((value, k) => symbols[k] + value).join(", "));
    givens.hidden = !values.length;
    arrangeSoon();
  }

  function settled() {
    const { told, picture: svg } = get("settled");
    if (told && told !== effect) say(told);
    effect = told;
    picture.take(svg);
    root.classList.toggle("dlhand-pictured", Boolean(svg));
    arrangeSoon();
    kernel.settled(get("settled"));
  }

  function show() {
    if (!steps().length) return;
    const at = position();
    const { name, section: title } = current();
    const { steps: numbers } = get("numbers");
    const { printed } = get("settled");
    if (at !== shown) card.take(current());
    card.fill(numbers[at], (prints && printed[name]) || []);
    card.show(
      { hide: isOpen(name) ? "" : hidden(), asks: get("predict"), asked: isAlike(name) ? "" : digitsAsked() },
      get("attempts")[name], summary(at));
    // where a slip was made that gives the answer, if that is another step
    const slip = isOpen(name) ? "" : get("attempts")[name]?.where;
    earlier.show(at, reached(), numbers, isOpen, verdictOf, slip);
    showPicture(name, slip);
    put(section, title);
    const count = steps().length;
    const found = [...places.keys()].filter(isFound).length;
    put(progress, `${at + 1} of ${count}${get("predict") ? ` · ${found} found` : ""}`);
    moves.show(at, count - 1);
    menu.show(at, hidden(), Object.keys(printed).length > 0, get("worked").length > 0,
      get("digits"), get("places"), get("rounding"), effect);
    play.follow();
    arrangeSoon();
    shown = at;
  }

  // Beside each other where there is room for both to be read.
  function arrange() {
    const width = body.clientWidth;
    const over = () => body.scrollHeight - body.clientHeight;
    root.classList.toggle("dlhand-wide", width >= ROOM);
    const isBeside = !picture.node.hidden
      && (width >= MORE || (width >= ROOM && picture.wanted() <= width / 2));
    root.classList.toggle("dlhand-beside", isBeside);
    const share = 100 * picture.wanted() / width; // of it, the picture would have
    root.style.setProperty("--share", `${share > WIDEST ? 50 : Math.max(share, 100 - WIDEST)}%`);
    card.fit();
    picture.fit(isBeside ? body.clientHeight - 4 : undefined);
    if (!isBeside) picture.spare(over(), LOW[0]);
    card.shrink(over);
    if (!isBeside) picture.spare(over(), LOW[1]);
    card.cap(over());
    picture.scroll();
    picture.place();
    if (isLed) body.scrollIntoView({ block: "nearest" });
    isLed = false;
    for (const node of [card.line, picture.node]) reachable(node);
  }

  // Of steps that are hidden or not reached, neither the picture nor its words tell the numbers, nor
  // the formulas that are hidden.
  function showPicture(name, slip) {
    const far = reached();
    const isToCome = (name) => places.has(name) && (!isOpen(name) || places.get(name) > far);
    const isWhole = ![...places.keys()].some(isToCome);
    const isToFind = (name) => hidden() === "formula" && places.has(name) && !isOpen(name);
    picture.show(name, isToCome, card.inShort(), isToFind);
    picture.mark(slip);
    picture.say(isWhole ? get("settled").alternative : "picture of the steps, as far as they have come");
  }

  function digitsAsked() {
    const [digits, decimals] = [get("digits"), get("places")];
    const count = decimals ?? digits ?? 5;
    const kind = decimals === null ? "significant digit" : "decimal place";
    return `${count} ${kind}${count === 1 ? "" : "s"}`;
  }

  // At the end of a section: what was found in it, and how, and what it tells us.
  function summary(at) {
    const { section, name } = current();
    if (!isOpen(name) || steps()[at + 1]?.section === section) return [];
    return [get("predict") ? score(section) : "", get("view").tells[section] ?? ""];
  }

  function score(section) {
    const asked = (step) => step.section === section && !isAlike(step.name);
    const inside = steps().filter(asked).map((step) => step.name);
    if (!inside.length) return "";
    const [attempts, helped] = [get("attempts"), get("helped")];
    const found = inside.filter(isFound);
    const alone = found.filter((name) => !helped.includes(name));
    const first = alone.filter((name) => attempts[name].tries === 1);
    const parts = [[first, "at the first try"], [alone.filter((name) => !first.includes(name)), "after more tries"],
      [found.filter((name) => helped.includes(name)), "with help"]];
    const how = parts.filter(([names]) => names.length).map(([names, words]) => `${names.length} ${words}`);
    return `${section || "The end"}: ${found.length} of ${inside.length} found${how.length ? `, ${how.join(", ")}` : ""}.`;
  }

  // ---- What is done

  // The focus goes to the answer where a pointer or an answer has led on.
  function go(target, isToAnswer) {
    play.pause();
    step(target);
    if (isToAnswer) card.focus();
  }

  function step(target) {
    if (!steps().length) return;
    const at = clamp(target);
    isLed = true;
    save({ position: at, revealed: Math.max(at, get("revealed")) });
    say(`step ${at + 1} of ${steps().length}: ${steps()[at].say} ${card.inWords()}`);
  }

  // From the last step it begins again.
  function playOn() {
    step(position() === clamp(Infinity) ? 0 : position() + 1);
    if (!isOpen(current().name)) card.focus();
  }

  function open(...names) {
    save({ opened: [...new Set([...get("opened"), ...names])] });
  }

  function helped(name) {
    save({ helped: [...new Set([...get("helped"), name])] });
  }

  function revealAll() {
    play.pause();
    save({ revealed: clamp(Infinity) });
    open(...places.keys());
  }

  function restart() {
    play.pause();
    save({ position: 0, revealed: 0, opened: [], helped: [], attempts: {} });
    model.send({ type: "restart" });
    shown = undefined; // nothing typed stays
    show();
    card.focus();
  }

  function present() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.();
    card.focus();
  }

  function key(event) {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    const isField = target.matches("input, select");
    const by = moveOf(event, isField);
    const isInMenu = menu.node.contains(target);
    if (key === "Escape") {
      menu.close();
      root.focus({ preventScroll: true });
    } else if (key === "Enter" && isField && target.form) target.form.requestSubmit(); // not Enter alone, in JupyterLab
    else if (key === "Enter" && target === root) get("predict") ? card.focus() : go(position() + 1);
    else if (isInMenu || (target.matches(".dlhand-scrolls") && key.startsWith("Arrow"))) return;
    else if (by) go(position() + by, isField);
    else if (isField) return;
    else if (playsBy(event)) play.toggle();
    else if (key.toLowerCase() === "f" && !(ctrlKey || altKey || metaKey)) present();
    else return;
    event.preventDefault();
  }

  const handlers = {
    "change:view": build,
    "change:problem": () => (build(), show(), card.focus()), // nothing typed stays
    "change:numbers": () => (fill(), kernel.settle()),
    "change:settled": settled,
    change: show,
    "msg:custom": kernel.hear,
  };
  for (const name in handlers) model.on(name, handlers[name]);
  const watch = new ResizeObserver(arrangeSoon);
  watch.observe(root);
  el.append(root);
  build();
  settled();
  show();
  needFont(kernel.ask);
  return () => {
    play.pause();
    watch.disconnect();
    for (const name in handlers) model.off(name, handlers[name]);
  };
}

export default { render };
