// The answer to a step: typed in one box or, for a list or a matrix, filled into a grid of boxes.

import { button, make } from "./dom.js";
import { complaint, entryOf } from "./typed.js";

const LONGEST = 5001; // characters: one more than Python reads
const MOST = 150; // boxes

function makeInput(label) {
  const input = make("input.input");
  input.autocomplete = "off";
  input.spellcheck = false;
  input.maxLength = LONGEST;
  input.ariaLabel = label;
  return input;
}

function makeGrid([rows, columns = 1]) {
  const node = make("div.grid");
  const boxes = [];
  for (let k = 0; k < rows * columns; k++) {
    boxes.push(makeInput(`row ${Math.floor(k / columns) + 1}, column ${(k % columns) + 1}`));
  }
  node.append(...boxes);
  node.role = "group";
  node.ariaLabel = `your answer, ${rows} by ${columns}`;
  node.style.setProperty("--columns", columns);

  // Arrows go from box to box; those along a number do so at its ends.
  node.onkeydown = (event) => {
    const { value, selectionStart, selectionEnd } = event.target;
    const moves = {
      ArrowUp: -columns,
      ArrowDown: columns,
      ArrowLeft: selectionEnd === 0 ? -1 : 0,
      ArrowRight: selectionStart === value.length ? 1 : 0,
    };
    const next = moves[event.key] && boxes[boxes.indexOf(event.target) + moves[event.key]];
    if (!next) return;
    next.focus();
    next.select();
    event.preventDefault();
  };

  return {
    node,
    focus: () => boxes[0].focus({ preventScroll: true }),
    isEmpty: () => boxes.every((box) => !box.value),
    firstBad: () => boxes.find((box) => complaint(box.value)),
    // As the grammar of answers reads it.
    text(isList) {
      const rowAt = (r) => boxes.slice(r * columns, (r + 1) * columns)
        .map(({ value }) => entryOf(value)).join(", ");
      const all = Array.from({ length: rows }, (_, r) => (isList ? rowAt(r) : `[${rowAt(r)}]`));
      return `[${all.join(", ")}]`;
    },
    // Takes over what has been typed, where it is so many numbers.
    spread(text) {
      const flat = text.replace(/[[\]]/g, " ").trim();
      const found = [/\s*[,;\n]\s*/, /[\s,;]+/].map((gap) => flat.split(gap));
      const numbers = found.find(({ length }) => length === boxes.length);
      numbers?.forEach((text, k) => (boxes[k].value = text.replace(/^\((.*)\)$/, "$1")));
    },
  };
}

// `send` takes the text; `complain` says what keeps it from being sent. `more` stands beside it.
export function makeAnswer(shape, send, complain, more) {
  const size = shape.reduce((product, n) => product * n, 1);
  const isArray = shape.length && shape.length < 3 && size <= MOST;
  const input = makeInput("your answer");
  const switcher = button("switch", "", () => fill(!grid || grid.node.hidden));
  const check = make("button.check", "Check");
  const form = make("form.form", input);
  let grid;
  if (isArray) form.append(switcher);
  form.append(check, more);
  switcher.textContent = "Fill in boxes";

  // Changes between the grid and the one box; what has been typed comes along.
  function fill(inBoxes) {
    if (!grid) input.after((grid = makeGrid(shape)).node);
    if (inBoxes) grid.spread(input.value);
    else if (!grid.firstBad()) input.value = grid.text(shape.length === 1);
    grid.node.hidden = !inBoxes;
    input.hidden = inBoxes;
    switcher.textContent = inBoxes ? "Type it" : "Fill in boxes";
    focus();
  }

  const boxed = () => grid && !grid.node.hidden;
  const focus = () => (!input.placeholder ? check : boxed() ? grid : input).focus({ preventScroll: true });

  form.onsubmit = (event) => {
    event.preventDefault();
    const bad = boxed() && grid.firstBad();
    if (!bad) return send(boxed() ? grid.text(shape.length === 1) : input.value);
    complain(`${bad.ariaLabel}: ${complaint(bad.value)}`);
    bad.focus();
  };

  return {
    node: form,
    focus,
    // What has been answered is done with: the button goes on. `asked` says in which digits, or is
    // empty where there is nothing to type.
    show(isDone, asked) {
      form.classList.toggle("dlhand-unasked", !asked);
      check.textContent = isDone ? "Go on" : "Check";
      input.placeholder = asked;
    },
    put(text) {
      input.value = text;
      if (grid) grid.spread(text);
    },
  };
}
