// What is given: each with its value, and with the steps that use it where one asks.

import { button, draw, make } from "./dom.js";

// `link` makes a link to a step.
export function makeGivens(link) {
  const list = make("div.givens");
  const users = make("p.links");
  const node = make("section.given-part", list, users);
  let links = new Map();
  let steps = [];
  list.role = "group";
  list.ariaLabel = "given";

  function makeGiven({ name, symbol, remark }) {
    const press = button("link", "", () => mark(isMarked(name) ? "" : name));
    const words = make("span.remark");
    draw(press, symbol);
    draw(words, remark);
    press.ariaLabel = press.textContent; // mathematics alone gives a button no name
    links.set(name, press);
    return make("span.given", press, make("span.value"), words);
  }

  function build(view) {
    links = new Map();
    steps = view.steps;
    list.replaceChildren(...view.givens.map(makeGiven));
    rove(0);
    mark("");
  }

  const isMarked = (name) => links.get(name).ariaPressed === "true";

  // Marks a given and says what uses it; "" marks none.
  function mark(name) {
    for (const [one, press] of links) press.ariaPressed = one === name;
    const using = steps.filter(({ uses }) => uses.includes(name));
    users.hidden = !using.length;
    users.replaceChildren(make("span", "used by:"), ...using.map((step) => link(step.name)));
  }

  // One of them is reached by Tab, the others from it by arrows.
  function rove(place) {
    const all = [...links.values()];
    const at = Math.max(0, Math.min(place, all.length - 1));
    all.forEach((press, k) => (press.tabIndex = k === at ? 0 : -1));
    return all[at];
  }

  return {
    node,
    list,
    build,

    fill(values) {
      values.forEach((value, k) => draw(list.children[k].children[1], value));
    },

    // Shows which of them the current step uses.
    show(used) {
      for (const [name, press] of links) {
        press.parentNode.classList.toggle("dlhand-used", used.includes(name));
      }
    },

    follow(name) {
      mark(name);
      rove([...links.keys()].indexOf(name)).focus();
    },

    move: (press, by) => rove([...links.values()].indexOf(press) + by).focus(),
  };
}
