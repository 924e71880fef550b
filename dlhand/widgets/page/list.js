// The steps that have been reached, one line each.

import { button, draw, make, put } from "./dom.js";
import { symbolOf } from "./card.js";

// `go` goes to a step.
export function makeList(go) {
  const node = make("ol.steps");
  let rows = [];
  node.ariaLabel = "steps so far";

  function makeRow(step, k) {
    const symbol = make("span.symbol");
    const result = make("span.result");
    const sign = make("span.sign");
    const press = button("step", make("span.number", k + 1), (event) => go(k, event.detail > 0));
    press.append(symbol, result, sign);
    return { step, press, symbol, result, sign, node: make("li", press) };
  }

  return {
    node,

    build(steps) {
      rows = steps.map(makeRow);
      node.replaceChildren(...rows.map((row) => row.node));
    },

    // `isOpen` tells of a step whether its result is known, `verdictOf` what its answer was.
    show(at, far, numbers, isOpen, verdictOf) {
      rows.forEach(({ step, press, symbol, result, sign, node }, k) => {
        node.hidden = k > far || (k === at && k === far); // that is the card
        if (node.hidden) return;
        const [, , spoken, remark] = numbers[k];
        const known = isOpen(step.name) ? spoken.replace(remark, "").match(/ [=≈] [^=≈]*$/)[0].trim() : "= ?";
        draw(symbol, step.symbol);
        put(result, known);
        sign.dataset.verdict = verdictOf(step.name) ?? "";
        press.ariaLabel = `step ${k + 1}: ${symbolOf(step)} ${known} ${sign.dataset.verdict}`.trim();
        press.ariaCurrent = k === at ? "step" : null;
      });
      const current = rows[Math.min(at, far - 1)]?.node;
      if (current) node.scrollTop += current.getBoundingClientRect().bottom - node.getBoundingClientRect().bottom + 2;
    },
  };
}
