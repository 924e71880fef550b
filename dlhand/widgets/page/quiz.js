// A quiz: one question at a time, judged here.

import { button, draw, make, put } from "./dom.js";
import { isRight, scoreOf, verdictOf } from "./judge.js";

const KEYS = "Keys: arrows or Space choose, Enter checks and goes on.";
let groups = 0; // numbers the groups of radio buttons of all quizzes

function render({ model, el }) {
  const questions = () => model.get("questions");
  const position = () => Math.max(0, Math.min(model.get("position"), questions().length));
  const question = () => questions()[position()];
  const tried = () => model.get("tries")[position()] ?? [];
  const group = `dlhand-quiz-${++groups}`;
  let boxes = []; // of the question that is shown
  let shown; // its position

  const legend = make("legend.question");
  const several = make("p.several");
  const list = make("div.options");
  const field = make("fieldset.asked", legend, several, list);
  const verdict = make("p.verdict");
  const reasons = make("ul.reasons");
  const source = make("p.source");
  const told = make("div.told", verdict, reasons, source);
  const go = make("button.next-question");
  const again = button("again", "Start over", restart);
  const progress = make("span.state");
  const form = make("form.quiz-form", field, told, make("div.bar", go, again, progress));
  const root = make("div.player", form, make("p.keys", KEYS));
  root.classList.add("dlhand", "dlhand-quiz");
  root.ariaLabel = "quiz";
  root.dataset.lmSuppressShortcuts = "true"; // the keys are ours
  told.role = "status";
  told.tabIndex = -1; // the score is given the focus

  const chosen = () => boxes.flatMap(({ checked }, k) => (checked ? [k] : []));
  const isChecked = () => same(tried().at(-1), chosen());
  const same = (one, other) => one?.join() === other.join();

  function build() {
    shown = position();
    const asked = question();
    boxes = [];
    field.hidden = !asked;
    list.replaceChildren();
    if (!asked) return;
    draw(legend, asked.text);
    put(several, asked.several ? "Choose all that are right." : "");
    const last = tried().at(-1) ?? [];
    boxes = asked.choices.map((choice, k) => {
      const box = make("input");
      Object.assign(box, { type: asked.several ? "checkbox" : "radio", name: group, checked: last.includes(k) });
      const words = make("span");
      draw(words, choice.text);
      list.append(make("label.option", box, words));
      return box;
    });
  }

  function show() {
    if (position() !== shown) build();
    const [asked, at, count] = [question(), position(), questions().length];
    const isTold = asked && isChecked();
    if (!asked) tell(`${scoreOf(questions(), model.get("tries"))} of ${count} at the first try.`);
    else if (isTold) judge(asked, chosen());
    else tell("");
    go.textContent = !isTold ? "Check" : at + 1 < count ? "Next question" : "Score";
    go.hidden = !asked;
    again.hidden = Boolean(asked);
    put(progress, asked ? `question ${at + 1} of ${count}` : "");
  }

  function judge(asked, choices) {
    const items = choices.map((k) => {
      const { text, right, reason } = asked.choices[k];
      const [words, why] = [make("span"), make("span")];
      draw(words, text);
      draw(why, reason);
      return marked(make("li.reason", words, ` \u2014 ${right ? "right" : "wrong"}: `, why), right);
    });
    tell(verdictOf(asked, choices), items, `From ${asked.source}.`);
    marked(verdict, isRight(asked, choices));
  }

  const marked = (node, right) => (node.dataset.right = right, node);

  function tell(text, items = [], from = "") {
    put(verdict, text);
    delete verdict.dataset.right;
    reasons.replaceChildren(...items);
    put(source, from);
  }

  function save(changes) {
    model.set(changes);
    model.save_changes();
    show();
  }

  // The one button, and Enter: a new choice is checked, a checked one is left behind.
  function goOn(event) {
    event.preventDefault();
    const choices = chosen();
    if (!question()) return;
    if (!choices.length) {
      tell("Nothing is chosen yet.");
    } else if (isChecked()) {
      save({ position: position() + 1 });
      (boxes[0] ?? told).focus();
    } else {
      const tries = questions().map((_, k) => model.get("tries")[k] ?? []);
      tries[position()] = [...tries[position()], choices];
      save({ tries });
    }
  }

  function restart() {
    shown = undefined;
    save({ position: 0, tries: questions().map(() => []) });
    boxes[0]?.focus();
  }

  form.onsubmit = goOn;
  form.onchange = show;
  root.onkeydown = (event) => {
    if (event.key !== "Enter" || event.target.matches("button")) return;
    event.preventDefault(); // JupyterLab leaves it to us
    form.requestSubmit();
  };

  function another() {
    const asked = tried().at(-1);
    if (position() !== shown || (asked && !same(asked, chosen()))) shown = undefined; // by another view
    show();
  }

  const handlers = { "change:position": another, "change:tries": another, "change:questions": () => (build(), show()) };
  for (const name in handlers) model.on(name, handlers[name]);
  el.append(root);
  build();
  show();
  return () => {
    for (const name in handlers) model.off(name, handlers[name]);
  };
}

export default { render };
