// The steps that have been reached, one line each.

import { button, draw, make, put } from "./dom.js";
import { symbolOf } from "./card.js";

// `go` goes to a step.
export function makeList(go) {
  const node = make("ol.steps");
  let rows = [];
  node.ariaLabel = "steps so far";

  function makeRow(step, k) {
    const [symbol, result, sign, words] = ["symbol", "result", "sign", "spoken"].map((name) => make(`span.${name}`));
    const seen = make("span.row", make("span.number", k + 1), symbol, result, sign);
    const press = button("step", seen, (event) => go(k, event.detail > 0));
    seen.ariaHidden = true; // mathematics has no name: the step is said in words
    press.append(words);
    return { step, press, symbol, result, sign, words, node: make("li", press) };
  }

  return {
    node,

    build(steps) {
      rows = steps.map(makeRow);
      node.replaceChildren(...rows.map((row) => row.node));
    },

    // `isOpen` tells of a step whether its result is known, `verdictOf` what its answer was; at
    // `slip` a slip was made.
    show(at, far, numbers, isOpen, verdictOf, slip) {
      rows.forEach(({ step, press, symbol, result, sign, words, node }, k) => {
        node.hidden = k > far || (k === at && k === far); // that is the card
        if (node.hidden) return;
        const [, , spoken, remark] = numbers[k];
        const known = isOpen(step.name) ? spoken.replace(remark, "").match(/ [=≈] [^=≈]*$/)[0].trim() : "= ?";
        draw(symbol, step.symbol);
        put(result, known);
        sign.dataset.verdict = verdictOf(step.name) ?? "";
        const here = step.name === slip ? "the slip was here" : "";
        press.classList.toggle("dlhand-slip", Boolean(here));
        put(words, `step ${k + 1}: ${symbolOf(step)} ${known} ${sign.dataset.verdict} ${here}`.trim());
        press.ariaCurrent = k === at ? "step" : null;
      });
      const current = rows[Math.min(at, far - 1)]?.node;
      if (current) node.scrollTop += current.getBoundingClientRect().bottom - node.getBoundingClientRect().bottom + 2;
    },
  };
}
