// The step player. The trait `view` has it all: Python is asked only to judge an answer.

const PATIENCE = 3000; // milliseconds of silence: the kernel is away
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -1e9, End: 1e9 };
const LATE = "no answer from Python: run the notebook's cells, then check again";
let asked = 0; // numbers the questions of all players

// An element "tag.name" of class dlhand-name; strings become text.
function make(kind, ...children) {
  const [tag, name] = kind.split(".");
  const node = document.createElement(tag);
  if (name) node.className = `dlhand-${name}`;
  node.append(...children);
  return node;
}

function button(name, text, press) {
  const node = make(`button.${name}`, text);
  node.onclick = press;
  return node;
}

// What is typed becomes text; only what our renderer wrote is read as markup.
const part = (node, name) => node.querySelector(`.dlhand-${name}`);
const words = (node, name, text) => (part(node, name).textContent = text);
const math = (node, name, markup) => (part(node, name).innerHTML = markup);

function makeItem(open, send) {
  const input = make("input.input");
  input.autocomplete = "off";
  input.maxLength = 5001; // one more than Python reads
  const form = make("form.form", make("label", "your answer ", input), button("check", "Check"));
  const node = make("li.step",
    make("span.number"), make("p.say"),
    make("div.line", make("span.symbol"), make("span.formula"), make("span.unknown", "= ?"),
      make("span.numbers"), make("span.result")),
    make("p.note"), form, button("show", "Show me", () => open(node.step.name)),
    make("p.judgement"));
  form.onsubmit = (event) => {
    event.preventDefault();
    send(node, input.value);
  };
  return node;
}

function fill(node, step, number) {
  if (step.result !== node.step?.result) judge(node, "", ""); // it was about another number
  node.step = step;
  words(node, "number", number);
  math(node, "say", step.words);
  words(node, "note", [step.note, ...step.printed].join(" "));
  for (const name of ["symbol", "formula", "numbers", "result"]) math(node, name, step[name]);
}

// The style sheet adds an icon: nothing hangs on a colour.
function judge(node, verdict, message) {
  part(node, "judgement").dataset.verdict = verdict;
  words(node, "judgement", message);
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const steps = () => get("view").steps;
  const clamp = (k) => Math.max(0, Math.min(k, steps().length - 1));
  const position = () => clamp(get("position"));
  const secret = (step) => get("predict") && !get("opened").includes(step.name);
  const announce = (text) => words(root, "spoken", text);
  const save = (changes) => (model.set(changes), model.save_changes());
  const open = (...more) => save({ opened: [...new Set([...get("opened"), ...more])] });
  const waiting = new Map();
  let items = [];
  let names;

  const given = make("section.givens");
  const list = make("ol.steps");
  const jump = make("select.jump");
  const predict = make("input.predict");
  const root = make("section.player",
    make("h3.title"), make("p.about"), given,
    make("div.bar",
      button("first", "First", () => go(0)),
      button("previous", "Previous", () => go(position() - 1)),
      button("next", "Next", () => go(position() + 1)),
      button("last", "Last", () => go(Infinity)),
      button("reveal", "Reveal all", revealAll),
      jump, make("label", predict, " hide results until I try"), make("span.progress")),
    list,
    make("p.keys", "Keys: arrows, Home, End; Enter to the answer, Escape back."),
    make("p.spoken"));
  list.tabIndex = given.tabIndex = 0; // what scrolls can have the focus
  list.ariaLabel = "steps";
  given.ariaLabel = "given";
  jump.ariaLabel = "go to step";
  jump.onchange = () => go(+jump.value);
  predict.type = "checkbox";
  predict.onchange = () => save({ predict: predict.checked });
  part(root, "spoken").role = "status";
  root.classList.add("dlhand"); // matrices are styled as on a static page
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours
  root.onkeydown = key;
  el.append(root);

  // Takes up a new view. With the same steps, what was typed into them stays.
  function sync() {
    const { title, about, givens } = get("view");
    root.ariaLabel = `step player: ${title}`;
    words(root, "title", title);
    words(root, "about", about);
    given.innerHTML = givens;
    const now = steps().map((step) => step.name).join(" ");
    if (now !== names) rebuild();
    names = now;
    items.forEach((node, k) => fill(node, steps()[k], k + 1));
    show();
  }

  function rebuild() {
    items = steps().map(() => makeItem(open, send));
    list.replaceChildren(...items);
    jump.replaceChildren();
    let group;
    steps().forEach(({ section, asks }, k) => {
      if (section !== group?.label) {
        group = make("optgroup");
        group.label = section;
        jump.append(group);
        if (section) items[k].prepend(make("h4.section", section));
      }
      group.append(new Option(`${k + 1}. ${asks}`, k));
    });
  }

  function show() {
    const at = position();
    const reached = Math.max(at, get("revealed"));
    items.forEach((node, k) => {
      node.hidden = k > reached;
      node.ariaCurrent = k === at ? "step" : null;
      node.classList.toggle("dlhand-secret", secret(node.step));
    });
    // Not `disabled`: a button that is, loses the focus of who steps by keyboard.
    const ends = { first: 0, previous: 0, next: clamp(Infinity), last: clamp(Infinity) };
    for (const name in ends) part(root, name).ariaDisabled = at === ends[name];
    jump.value = at;
    predict.checked = get("predict");
    words(root, "progress", `step ${items.length && at + 1} of ${items.length}`);
    if (items.length) scroll(items[at]);
  }

  // Scrolls the list alone, not the notebook.
  function scroll({ offsetTop, offsetHeight }) {
    const low = offsetTop + offsetHeight - list.clientHeight;
    list.scrollTop = Math.min(offsetTop, Math.max(low, list.scrollTop));
  }

  function go(target) {
    if (!items.length) return;
    const at = clamp(target);
    save({ position: at, revealed: Math.max(at, get("revealed")) });
    const step = steps()[at];
    const line = secret(step) ? step.asks : step.label;
    announce(`step ${at + 1} of ${items.length}: ${step.say} ${line}`);
  }

  function revealAll() {
    save({ revealed: clamp(Infinity) });
    open(...steps().map((step) => step.name));
  }

  function key(event) {
    const { key, target } = event;
    if (key === "Escape") list.focus();
    else if (key === "Enter" && target === list) part(items[position()], "input").focus();
    else if (key === "Enter" && target.form) target.form.requestSubmit(); // not Enter alone, in JupyterLab
    else if (key in MOVES && !target.matches("input, select, .dlhand-givens")) {
      if (/ft|ht/.test(key) && list.scrollWidth > list.clientWidth) return; // long lines scroll
      go(position() + MOVES[key]);
    } else return;
    event.preventDefault();
  }

  function send(node, text) {
    const tell = (verdict, message) => {
      judge(node, verdict, message);
      announce(message);
    };
    const timer = setTimeout(() => tell("unreadable", LATE), PATIENCE);
    waiting.set(++asked, { node, timer, tell });
    judge(node, "", "asking …");
    model.send({ type: "check", id: asked, name: node.step.name, text });
  }

  function hear({ type, id, verdict, message, accepted }) {
    const question = waiting.get(id);
    if (type !== "judgement" || !question) return; // another view of this player has asked
    clearTimeout(question.timer);
    question.tell(verdict, accepted ? `${message} (accepted: ${accepted})` : message);
    if (verdict === "right" || verdict === "rounded early") open(question.node.step.name);
  }

  const handlers = { "change:view": sync, change: show, "msg:custom": hear };
  const listen = (onOrOff) => {
    for (const name in handlers) model[onOrOff](name, handlers[name]);
  };
  listen("on");
  sync();
  return () => listen("off");
}

export default { render };
