// All that is seldom wanted, behind one button.

import { button, checkbox, choice, make, put } from "./dom.js";
import { symbolOf } from "./card.js";

const HIDDEN = [
  ["", "nothing"], ["result", "the result"], ["numbers", "the numbers put in, too"], ["formula", "the formula, too"],
];

function makeCount(label, least, most) {
  const node = make("input.count");
  Object.assign(node, { type: "number", min: least, max: most, required: true, ariaLabel: label });
  return node;
}

// `does` has save, jump, reveal, restart, present and prints; `pace` is that of playing.
export function makeMenu(does, pace) {
  const jump = choice("go to step", [], () => (close(), does.jump(+jump.value)));
  const hide = choice("hide until I try", HIDDEN, () =>
    does.save(hide.value ? { predict: true, hide: hide.value } : { predict: false }));
  const count = makeCount("how many digits", 0, 100);
  const kind = choice("kind of digits", [["digits", "significant digits"], ["places", "decimal places"]]);
  const [label, isRounded] = checkbox("round every step by hand, to");
  const places = makeCount("places to round to", 0, 100);
  const how = choice("how to round", [["", "rounded"], ["chopped", "cut off"]]);
  const [prints, isPrinted] = checkbox("what the document prints", () => does.prints(isPrinted.checked));
  const told = make("p.effect");
  const every = button("every", "Ask for steps of the same kind, too", () => (close(), does.save({ worked: [] })));
  const row = (...parts) => make("div.choice", ...parts);
  const act = (name, text, action) => button(name, text, () => (close(), action()));
  const numbers = make("form.numbers",
    row("numbers with ", count, kind), row(label, places, "places, ", how), told);
  const node = make("details.menu", make("summary", "More"), make("div.choices",
    row("go to ", jump),
    row("hide until I try: ", hide, every),
    row(act("reveal", "Reveal all", does.reveal), act("restart", "Start over", does.restart),
      act("present", "Full screen", does.present)),
    row("playing is ", pace), numbers, prints,
    make("p.keys", "Enter checks, and goes on; Page Up, Page Down: other steps. Escape leaves the box; "
      + "then arrows, Home, End, P plays, F fills the screen.")));
  let known;

  function close() {
    node.open = false;
  }

  numbers.onchange = () => {
    if (!numbers.reportValidity()) return;
    const shown = { digits: null, places: null, [kind.value]: +count.value };
    const rounding = isRounded.checked ? { places: +places.value, chopped: Boolean(how.value) } : null;
    does.save({ ...shown, rounding });
  };
  numbers.onsubmit = (event) => {
    event.preventDefault();
    numbers.onchange();
  };

  return {
    node,
    close,

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

    show(at, hidden, hasPrinted, hasAlike, ...state) {
      every.hidden = !hasAlike;
      jump.value = at;
      hide.value = hidden;
      prints.hidden = !hasPrinted;
      if (JSON.stringify(state) === known) return; // what is being typed stays
      known = JSON.stringify(state);
      const [digits, decimals, rounding, effect] = state;
      kind.value = decimals === null ? "digits" : "places";
      count.value = decimals ?? digits ?? 5;
      count.min = decimals === null ? 1 : 0;
      isRounded.checked = Boolean(rounding);
      places.value = rounding?.places ?? (places.value || 2);
      if (rounding) how.value = rounding.chopped ? "chopped" : "";
      put(told, effect);
    },
  };
}
