// First, previous, next and last: the buttons and the keys.

import { button, make } from "./dom.js";

const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -1e9, End: 1e9 };

// How far a key goes; undefined for one that goes nowhere.
export const moveOf = ({ key, ctrlKey, altKey, metaKey }) =>
  ctrlKey || altKey || metaKey ? undefined : MOVES[key];

// `move` goes so many places on, or back.
export function makeMoves(move) {
  const nodes = [["First", -1e9], ["Previous", -1], ["Next", 1], ["Last", 1e9]].map(([word, by]) => {
    const node = button(word.toLowerCase(), make("span.word", word), () => move(by));
    node.classList.add("dlhand-arrow"); // which the style sheet draws, also where no word has room
    return node;
  });

  // Not `disabled`: a button that is, loses the focus of who goes on by keyboard.
  function show(at, last) {
    nodes.forEach((node, k) => (node.ariaDisabled = at === (k < 2 ? 0 : last)));
  }

  return { nodes, show };
}
