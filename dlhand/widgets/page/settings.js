// The digits that are shown, and rounding by hand.

import { checkbox, choice, make, put } from "./dom.js";

function makeCount(label, least, most) {
  const node = make("input.count");
  Object.assign(node, { type: "number", min: least, max: most, required: true, ariaLabel: label });
  return node;
}

// `save` takes changed traits: digits, places, rounding.
export function makeSettings(save) {
  const count = makeCount("how many digits", 0, 100);
  const kind = choice("kind of digits", [["digits", "significant digits"], ["places", "decimal places"]]);
  const [label, isRounded] = checkbox("round every step by hand, to");
  const places = makeCount("places to round to", 0, 100);
  const how = choice("how to round", [["", "rounded"], ["chopped", "cut off"]]);
  const told = make("p.effect");
  let known;
  const form = make("form.choices",
    make("div.choice", "numbers with ", count, kind),
    make("div.choice", label, places, "places, ", how),
    told);
  const node = make("details.settings", make("summary", "Settings"), form);

  form.onchange = () => {
    if (!form.reportValidity()) return;
    const shown = { digits: null, places: null, [kind.value]: +count.value };
    save({ ...shown, rounding: isRounded.checked ? { places: +places.value, chopped: Boolean(how.value) } : null });
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    form.onchange();
  };

  function show(...state) {
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
  }

  return { node, show };
}
