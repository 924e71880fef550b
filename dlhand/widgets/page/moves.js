// First, previous, next and last: the buttons and the keys.

import { button, make } from "./dom.js";

const TURNS = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -1e9, End: 1e9,
};

// How far a key goes; undefined for one that goes nowhere. In a field only pages are turned.
export const moveOf = ({ key, ctrlKey, altKey, metaKey }, isField) =>
  ctrlKey || altKey || metaKey || (isField && !key.startsWith("Page")) ? undefined : TURNS[key];

// `move` goes so many places on, or back, and is told whether a pointer wanted it.
export function makeMoves(move, words = { First: -1e9, Previous: -1, Next: 1, Last: 1e9 }) {
  const nodes = Object.entries(words).map(([word, by]) => {
    const node = button(word.toLowerCase(), make("span.word", word), ({ detail }) => move(by, detail > 0));
    node.classList.add("dlhand-arrow"); // which the style sheet draws, also where no word has room
    return node;
  });

  // Not `disabled`: a button that is, loses the focus of who goes on by keyboard.
  function show(at, last) {
    Object.values(words).forEach((by, k) => (nodes[k].ariaDisabled = at === (by < 0 ? 0 : last)));
  }

  return { nodes, show };
}
