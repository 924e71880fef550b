// One step in the list: its words, its line, and, while it is the current one, the way to an answer.

import { makeAnswer } from "./answer.js";
import { button, draw, make, put } from "./dom.js";

// The symbol of a step in plain text.
export const symbolOf = ({ asks }) => asks.split(" = ")[0];

const HINTS = ["the formula", "the numbers put in", "the first sub-result"];

// What only the current step has: what it hangs together with, a box for an answer, hints.
function makeOpen(step, does) {
  const answer = makeAnswer(step.shape, does.send, does.complain);
  const hint = button("hint", "", does.hint);
  const show = button("show", "Show me", does.show);
  const links = (text, names) => {
    const row = make("p.links", make("span", text), ...names.map(does.link));
    row.hidden = !names.length;
    return row;
  };
  const uses = links("uses:", step.uses);
  const usedBy = links("used by:", step.used_by);
  const accepts = make("p.accepts");
  const told = make("p.told");
  answer.node.append(hint, show);
  const node = make("div.open", uses, usedBy, answer.node, accepts, told);
  return { node, uses, answer, accepts, hint, told, show };
}

// `player` has what a step asks for: check, hint, reveal, link, say, scroll.
export function makeStep(step, number, player) {
  const part = {};
  for (const name of ["symbol", "formula", "numbers", "result"]) part[name] = make(`span.${name}`);
  const unknown = make("span.unknown", "= ", make("span.blank", "?"));
  const line = make("div.line", part.symbol, part.formula, part.numbers, unknown, part.result);
  const note = make("p.note");
  const judgement = make("p.judgement");
  const say = make("p.say");
  const node = make("li.step", make("span.number", number), say, line, note, judgement);
  let [numbers, result, spoken, remark] = ["", "", "", ""];
  let isSecret = false;
  let hints = 0; // how many have been given
  let asked = ""; // the digits, in words
  let attempt, open, known;
  draw(say, step.words);
  draw(part.symbol, step.symbol);
  draw(part.formula, step.formula);
  line.role = "math";

  // The style sheet adds an icon: nothing hangs on a colour.
  function judge(verdict, text) {
    judgement.dataset.verdict = verdict;
    put(judgement, text);
  }

  // What is told makes the step grow, and it is to stay in sight.
  function tell(verdict, text) {
    judge(verdict, text);
    player.say(text);
    player.scroll(node);
  }

  // The line in plain text, as far as it may be known.
  function inWords() {
    if (!isSecret) return step.asks + spoken;
    const known = [hints ? step.asks : symbolOf(step)];
    if (hints > 1 && numbers) known.push(spoken.split(" = ")[1]);
    return [...known, "?"].join(" = ");
  }

  // A hint that would say nothing is passed over.
  const nextHint = () => [step.formula, numbers, true].findIndex((has, k) => k >= hints && has);

  function giveHint() {
    hints = nextHint() + 1;
    update();
    player.scroll(node);
    if (hints < HINTS.length) return player.say(inWords());
    open.answer.focus(); // the button that had the focus is gone
    player.hint(step.name, (text) => {
      put(open.told, `Hint: ${text}`);
      player.say(text);
      player.scroll(node);
    });
  }

  function update() {
    part.formula.hidden = isSecret && hints < 1;
    part.numbers.hidden = isSecret && hints < 2;
    part.result.hidden = note.hidden = isSecret;
    unknown.hidden = !isSecret;
    line.ariaLabel = inWords();
    if (!open) return;
    const next = nextHint();
    open.uses.hidden = part.formula.hidden || !step.uses.length;
    open.hint.hidden = !isSecret || next < 0;
    open.hint.textContent = `Hint: ${HINTS[next]}`;
    open.show.hidden = open.told.hidden = !isSecret;
    const from = attempt?.verdict === "follows" ? " from your own values" : "";
    put(open.accepts, attempt?.accepted ? `accepted${from}: ${attempt.accepted}` : asked);
  }

  const does = {
    send(text) {
      judge("", "asking …");
      player.check(step.name, text, tell);
    },
    complain: (text) => tell("unreadable", text),
    hint: giveHint,
    show: () => player.reveal(step.name),
    link: player.link,
  };

  return {
    node,
    line,
    inWords,
    answer: () => open.answer.focus(),

    fill(values, printed) {
      if (values[2] !== spoken || values[1] !== result) {
        if (open) put(open.told, ""); // it was about another number
        [numbers, result, spoken, remark] = values;
        draw(part.numbers, numbers);
        draw(part.result, result);
        update();
      }
      put(note, `${remark} ${printed.length ? "printed: " : ""}${printed.join("; ")}`.trim());
    },

    // Shows the learner's last attempt, as Python knows it.
    recall(last) {
      if (last === attempt || JSON.stringify(last) === JSON.stringify(attempt)) return;
      attempt = last;
      judge(last?.verdict ?? "", last?.message ?? "");
      if (last && open) open.answer.put(last.text);
      update();
    },

    show(...state) {
      if (state.join() === known) return;
      known = state.join();
      const [isThere, isCurrent, hides, digits] = state;
      isSecret = hides;
      asked = digits;
      node.hidden = !isThere;
      node.ariaCurrent = isCurrent ? "step" : null;
      if (isCurrent && !open) {
        open = makeOpen(step, does);
        if (attempt) open.answer.put(attempt.text);
        line.after(open.node);
      }
      if (open) open.node.hidden = !isCurrent;
      update();
    },
  };
}
