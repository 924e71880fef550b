// The bar of controls: where one is among the steps, and where one can go.

import { button, checkbox, choice, make, put } from "./dom.js";
import { makeMoves } from "./moves.js";
import { symbolOf } from "./step.js";

// `does` has move, jump, reveal and predict; `play` is what plays.
export function makeBar(does, play) {
  const moves = makeMoves(does.move);
  const jump = choice("go to step", [], () => does.jump(+jump.value));
  const [label, predict] = checkbox("hide results until I try", () => does.predict(predict.checked));
  const progress = make("span.progress");
  const found = make("span.found");
  const node = make("div.bar", ...moves.nodes, ...play.nodes, jump,
    button("reveal", "Reveal all", does.reveal), label, make("span.state", found, progress));
  jump.classList.add("dlhand-jump");

  return {
    node,

    // The steps by their sections. A formula would be a hint, so each has its symbol and words.
    build(steps) {
      jump.replaceChildren();
      let group;
      steps.forEach((step, k) => {
        if (step.section !== group?.label) {
          group = make("optgroup");
          group.label = step.section;
          jump.append(group);
        }
        const name = `${k + 1}. ${symbolOf(step)}`;
        group.append(new Option(step.say ? `${name}: ${step.say}` : name, k));
      });
    },

    show(at, count, done, isPredict) {
      moves.show(at, Math.max(count - 1, 0));
      jump.value = at;
      predict.checked = isPredict;
      put(progress, `step ${count && at + 1} of ${count}`);
      put(found, isPredict ? `${done} of ${count} found` : "");
    },
  };
}
