// The current step: its words, one large formula with a blank, and the way to an answer.

import { makeAnswer } from "./answer.js";
import { button, draw, make, put } from "./dom.js";

// The symbol of a step in plain text.
export const symbolOf = ({ asks }) => asks.split(" = ")[0];

const LEVELS = ["formula", "numbers", "result"]; // from which on a part is hidden
const LOWEST = 60; // pixels high
const SHORT = 6; // numbers
const BREAKS = [..."+−·⊙⋆∗>≥\u2062"]; // before these a line may go on below

// Mathematics that is wider than its room goes on below before its signs, and behind a comma: each
// part as an element of its own. Brackets that hold too much are opened, and broken like the rest.
function breakable(math, room) {
  const isWide = (node) => node.localName === "mrow" && node.getBoundingClientRect().width > room;
  for (let wide; (wide = [...math.children].find(isWide)); ) wide.replaceWith(...wide.children);
  for (const sign of [...math.children].slice(2)) {
    const isComma = sign.textContent === ",";
    if (!isComma && !BREAKS.includes(sign.textContent)) continue;
    const rest = math.cloneNode();
    while (sign.nextSibling) rest.append(sign.nextSibling);
    if (!isComma) {
      sign.setAttribute("form", "infix");
      rest.prepend(sign);
    }
    math.after(rest);
    math = rest;
  }
}

// `player` has what a step asks for: check, hint, reveal, helped, next, say; it is told of changes.
export function makeCard(player) {
  const part = {};
  for (const name of ["symbol", ...LEVELS]) part[name] = make(`span.${name}`);
  const unknown = make("span.unknown", "= ", make("span.blank", "?"));
  const line = make("div.line", part.symbol, part.formula, part.numbers, unknown, part.result);
  const say = make("p.say");
  const hint = button("hint", "Hint", giveHint);
  const show = button("show", "Show me", () => player.reveal(step.name));
  const judgement = make("p.judgement");
  const told = make("p.told");
  const note = make("p.note");
  const score = make("p.score");
  const tells = make("p.tells");
  const summary = make("div.summary", score, tells); // of the section that ends here
  const node = make("div.card", say, line, judgement, told, note, summary);
  let step, answer, attempt;
  let values = [];
  let remarks = []; // on the result
  // hide: what is hidden, "" for nothing; asks: whether this player does; asked: in which digits,
  // "" where this step is not asked for
  let state = {};
  let hints = 0; // how many have been given
  line.role = "math";

  function take(other) {
    step = other;
    hints = 0;
    attempt = undefined;
    answer?.node.remove();
    answer = makeAnswer(step.shape, send, (text) => tell("unreadable", text), make("span.helps", hint, show));
    line.after(answer.node);
    draw(say, step.words || step.say); // with no mathematics in it, it is sent once
    draw(part.symbol, step.symbol);
    draw(part.formula, step.formula);
    put(told, "");
    judge("", "");
  }

  // The style sheet adds a sign: nothing hangs on a colour.
  function judge(verdict, text) {
    judgement.dataset.verdict = verdict;
    put(judgement, text);
  }

  function tell(verdict, text) {
    judge(verdict, text);
    player.say(text);
    answer.focus();
  }

  const isDone = () => !state.hide || attempt?.verdict === "follows";

  // What is answered already is not asked again: the same once more goes on.
  function send(text) {
    if (isDone() && (!text || text === attempt?.text)) return player.next();
    judge("", "asking …");
    const asked = step;
    player.check(step.name, text, (verdict, said) => asked === step && tell(verdict, said));
  }

  // From which of the levels on something is hidden now.
  const level = () => (state.hide ? LEVELS.indexOf(state.hide) + hints : LEVELS.length);
  const isThere = [() => step.formula, () => values[0], () => true];

  // The line in plain text, as far as it may be known.
  function inWords() {
    if (!state.hide) return step.asks + values[2];
    const known = [level() > 0 ? step.asks : symbolOf(step)];
    if (level() > 1 && values[0]) known.push(values[2].split(/ [=≈] /)[1]);
    return [...known, "?"].join(" = ");
  }

  const isLarge = () => step.shape.reduce((product, n) => product * n, 1) > SHORT;

  // The symbol and the result as markup, as far as it may be known; of a large array the symbol.
  function inShort() {
    if (isLarge()) return step.symbol;
    return step.symbol + (state.hide ? " = ?" : values[1]);
  }

  // First what is hidden of the line, where there is any; the last hint is a sub-result.
  function giveHint() {
    player.helped(step.name);
    const at = level();
    const next = isThere.findIndex((has, k) => k >= at && has());
    hints += next - at + 1;
    answer.focus();
    if (next < 2) {
      update();
      return player.say(inWords());
    }
    hints = Math.min(hints, 2 - LEVELS.indexOf(state.hide)); // it may be asked for again
    const asked = step;
    player.hint(step.name, (text) => {
      if (asked !== step) return;
      put(told, `Hint: ${text}`);
      player.say(text);
    });
  }

  function fit() {
    line.style.maxHeight = line.style.overflowY = "";
    line.style.setProperty("--fit", 1);
  }

  // A line that is too large is broken, and set smaller; `over` tells how much too high all is.
  function shrink(over) {
    const room = line.clientWidth;
    for (const name of LEVELS) if (part[name].offsetWidth > room) breakable(part[name].lastChild, room);
    const scale = Math.min(line.clientWidth / line.scrollWidth, 1 - over() / line.clientHeight);
    if (scale >= 1) return;
    const math = getComputedStyle(part.symbol.firstChild);
    const smallest = math.getPropertyValue("--least") / parseFloat(math.fontSize);
    // what is between the parts does not shrink
    line.style.setProperty("--fit", Math.min(1, Math.max(smallest, scale - 0.02)));
  }

  // At last it scrolls.
  function cap(over) {
    if (over <= 0) return;
    line.style.maxHeight = `${Math.max(LOWEST, line.clientHeight - over)}px`;
    line.style.overflowY = "auto";
  }

  function update() {
    LEVELS.forEach((name, k) => (part[name].hidden = k >= level()));
    unknown.hidden = !state.hide;
    told.hidden = hint.hidden = show.hidden = !state.hide;
    line.ariaLabel = inWords();
    answer.node.hidden = !state.asks;
    answer.show(isDone(), state.asked);
    const from = attempt?.verdict === "follows" ? " from your own values" : "";
    // of a large array it would be longer than all else, and push the step out of sight
    const accepted = attempt?.accepted && !isLarge() ? `accepted${from}: ${attempt.accepted}` : "";
    const alike = state.asks && !state.asked ? "worked out as others before it" : "";
    put(note, [alike, accepted, ...(state.hide ? [] : remarks)].filter(Boolean).join("; "));
    player.changed();
  }

  return {
    node,
    line,
    take,
    inWords,
    inShort,
    fit,
    shrink,
    cap,
    focus: () => (state.asks ? answer.focus() : undefined),

    fill(numbers, printed) {
      if (numbers[2] !== values[2]) put(told, ""); // it was about another number
      values = numbers;
      draw(part.numbers, numbers[0]);
      draw(part.result, numbers[1]);
      remarks = [numbers[3], printed.length ? `printed: ${printed.join("; ")}` : ""];
    },

    // Shows how things stand, and the learner's last attempt as Python knows it.
    show(how, last, ends) {
      state = how;
      if (JSON.stringify(last) !== JSON.stringify(attempt)) {
        attempt = last;
        judge(last?.verdict ?? "", last?.message ?? "");
        if (last) answer.put(last.text);
      }
      if (!how.asks) judge("", "");
      const [found = "", told = ""] = ends;
      put(score, found);
      put(tells, told);
      summary.hidden = !(found || told);
      update();
    },
  };
}
