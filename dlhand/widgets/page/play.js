// Playing: one step at each beat, until there is no further one.

import { button, choice } from "./dom.js";

const PACES = [["6", "slow"], ["3", "normal"], ["1.5", "fast"]]; // seconds a step

export const playsBy = ({ key, ctrlKey, altKey, metaKey }) =>
  key.toLowerCase() === "p" && !(ctrlKey || altKey || metaKey);

// `next` goes one step on, and says whether another can follow.
export function makePlay(next) {
  const node = button("play", "Play", toggle);
  const pace = choice("pace", PACES, () => timer && wait());
  pace.value = "3";
  let timer = 0;

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(beat, pace.value * 1000);
  }

  function beat() {
    if (next()) wait();
    else pause();
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    node.textContent = "Play";
  }

  function toggle() {
    if (timer) return pause();
    node.textContent = "Pause";
    beat();
  }

  return { nodes: [node, pace], toggle, pause };
}
