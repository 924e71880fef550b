// A given under the learner's hand: its name, a slider for a single number, a box, what is wrong.

import { draw, make, put } from "./dom.js";

// `does` has slide(name, notch) and type(name, text).
export function makeControl({ name, symbol, spoken, say, rows }, hasSlider, does) {
  const label = make("span.control-name");
  const slider = make("input.slider");
  const box = make(rows > 1 ? "textarea.control-box" : "input.control-box");
  const wrong = make("p.control-error");
  const node = make("div.control", label, ...(hasSlider ? [slider] : []), box, wrong);
  let last = {};
  draw(label, symbol);
  label.title = say;
  slider.type = "range";
  slider.ariaLabel = spoken;
  box.ariaLabel = `${spoken}, typed exactly`;
  box.spellcheck = false;
  box.rows = rows;
  wrong.role = "alert";
  if (!hasSlider) node.classList.add("dlhand-typed");

  const type = () => box.value !== last.text && does.type(name, box.value);
  slider.oninput = () => does.slide(name, +slider.value);
  slider.onblur = () => show(last); // where what it was moved to was refused
  box.onchange = type;
  box.onkeydown = (event) => {
    if (event.key === "Escape") box.value = last.good;
    else if (event.key !== "Enter" || event.shiftKey) return; // a matrix has several lines
    type();
    event.preventDefault();
  };

  // What is under the hand is not set back: it would come late, over what is done meanwhile.
  function show(state) {
    const isSliding = document.activeElement === slider;
    const isTyping = document.activeElement === box;
    if (hasSlider) {
      slider.min = state.low;
      slider.max = state.high;
      if (!isSliding) slider.value = state.notch;
      slider.ariaValueText = state.good;
    }
    if (!isTyping || (state.text !== last.text && !state.error)) box.value = state.text;
    box.ariaInvalid = Boolean(state.error);
    put(wrong, state.error);
    last = state;
  }

  return { node, show, mark: (isCurrent) => node.classList.toggle("dlhand-moving", isCurrent) };
}
