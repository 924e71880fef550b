// Playing: one step at each beat, until there is no further one.

import { button, choice, put } from "./dom.js";

const PACES = [["6", "slow"], ["3", "normal"], ["1.5", "fast"]]; // seconds a step

export const playsBy = ({ key, ctrlKey, altKey, metaKey }) =>
  key.toLowerCase() === "p" && !(ctrlKey || altKey || metaKey);

// `next` goes one step on. `state` says what then: "on", or "waits" for the learner, or "ends".
export function makePlay(next, state) {
  const node = button("play", "Play", toggle);
  const pace = choice("pace", PACES, () => timer && wait());
  pace.value = "3";
  let timer = 0;
  let isOn = false;

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(beat, pace.value * 1000);
  }

  function beat() {
    next();
    timer = 0;
    follow();
  }

  // Goes on, waits or ends, as things are now.
  function follow() {
    if (!isOn) return;
    const now = state();
    if (now === "ends") return pause();
    put(node, now === "waits" ? "Waits for your answer" : "Pause");
    if (now === "waits") timer = clearTimeout(timer);
    else if (!timer) wait();
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    isOn = false;
    put(node, "Play");
  }

  function toggle() {
    if (isOn) return pause();
    isOn = true;
    if (state() === "waits") follow();
    else beat();
  }

  return { node, pace, toggle, pause, follow };
}
