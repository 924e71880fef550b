// The picture of the steps: one drawing, lit by the attributes of its parts.

import { draw, make } from "./dom.js";

const LIGHTS = ["lit", "forward", "backward"];
const APART = 4; // pixels: a tag from what it is about

export function makePicture() {
  const image = make("div.image");
  const tag = make("span.tag"); // the number of the step, where the drawing has none
  const node = make("div.picture", image, tag);
  let drawing;
  let size = [];
  let width = "";
  let letters = 12; // the height of its smallest text
  let parts = [];
  let numbers = [];
  let formulas = [];
  image.role = "img";
  tag.ariaHidden = true;
  tag.hidden = true;

  // Tells whether it has another size than before.
  function take(svg) {
    node.hidden = !svg;
    if (image.drawn === svg) return false;
    const before = String(size);
    draw(image, svg);
    drawing = image.querySelector("svg");
    size = drawing ? ["width", "height"].map((side) => drawing[side].baseVal.value) : [];
    if (drawing) drawing.style.width = width; // until it is fitted anew
    const texts = [...image.querySelectorAll("[font-size]")];
    letters = Math.min(...texts.map((text) => text.getAttribute("font-size")), 16);
    parts = LIGHTS.flatMap((light) =>
      [...image.querySelectorAll(`[data-${light}]`)].map((part) => ({
        part,
        light: `dlhand-${light}`,
        steps: part.dataset[light].split(" "),
      })));
    numbers = [...image.querySelectorAll("[data-step]")];
    formulas = [...image.querySelectorAll("[data-formula]")];
    return String(size) !== before;
  }

  const styled = (name) => parseFloat(getComputedStyle(node).getPropertyValue(name));

  // How far it may be made smaller, so that its text can still be read.
  const least = () => styled("--least") / letters;

  // Fills its place, as large as can be seen at once, and at most so many pixels high; it scrolls
  // rather than be too small to read.
  function fit(high) {
    if (!drawing) return;
    node.style.maxHeight = high === undefined ? "" : `${high}px`;
    const room = [node.clientWidth, styled("max-height") || Infinity];
    const scale = Math.min(...room.map((length, k) => length / size[k]), styled("--most"));
    const sides = size.map((side) => Math.floor(Math.max(scale, least()) * side));
    width = `${sides[0]}px`;
    if (drawing.style.width !== width) drawing.style.width = width;
    node.style.minHeight = `${Math.min(sides[1], room[1])}px`; // nothing beside it takes that away
  }

  // Gives up height where what stands below it would have none; so many pixels it keeps.
  function spare(height, least) {
    if (height > 0 && node.clientHeight > least) fit(Math.max(least, node.clientHeight - height));
  }

  // Lights a step. Of numbers that are `toCome` nothing is seen, nor of formulas that are `toFind`.
  // `markup` is the step's own number, which stands beside what is lit where the drawing does not
  // have it.
  function show(name, toCome, markup = "", toFind = () => false) {
    for (const { part, light, steps } of parts) part.classList.toggle(light, steps.includes(name));
    for (const number of numbers) {
      number.classList.toggle("dlhand-to-come", toCome(number.dataset.step));
    }
    for (const formula of formulas) {
      formula.classList.toggle("dlhand-to-come", toFind(formula.dataset.formula));
    }
    tag.hidden = !markup || numbers.some(({ dataset }) => dataset.step === name);
    if (!tag.hidden) draw(tag, markup);
  }

  // Marks the step where a slip was made, if there is one.
  function mark(slip) {
    for (const { part, light, steps } of parts) {
      if (light === "dlhand-lit") part.classList.toggle("dlhand-slip", steps.includes(slip));
    }
  }

  const boxes = (selector) => [...image.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());

  // Puts the tag to that side of what is lit where it covers least.
  function place() {
    const lit = tag.hidden ? [] : boxes(".dlhand-lit");
    if (!lit.length) return;
    const texts = boxes("text");
    const [outer, sheet] = [node, drawing].map((one) => one.getBoundingClientRect());
    const seen = (low, high) => [Math.max(outer[low], sheet[low]), Math.min(outer[high], sheet[high])];
    const { width, height } = tag.getBoundingClientRect();
    const [left, top] = ["left", "top"].map((side) => Math.min(...lit.map((one) => one[side])));
    const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...lit.map((one) => one[side])));
    const [x, y] = [(left + right - width) / 2, (top + bottom - height) / 2];
    const inside = (at, size, low, high) => Math.max(low, Math.min(at, high - size));
    const covers = ([x, y]) => texts.filter((one) => one.left < x + width && x < one.right
      && one.top < y + height && y < one.bottom).length;
    const [before, above] = [left - APART - width, top - APART - height];
    const [behind, below] = [right + APART, bottom + APART];
    const [best] = [[behind, y], [x, above], [x, below], [before, y],
      [behind, above], [behind, below], [before, above], [before, below]]
      .map(([x, y]) => [inside(x, width, ...seen("left", "right")), inside(y, height, ...seen("top", "bottom"))])
      .sort((one, other) => covers(one) - covers(other));
    tag.style.left = `${best[0] - outer.left + node.scrollLeft}px`;
    tag.style.top = `${best[1] - outer.top + node.scrollTop}px`;
  }

  // Scrolls the picture, where it is too large, to the middle of what is lit.
  function scroll() {
    const outer = node.getBoundingClientRect();
    const [lit, all] = [boxes(".dlhand-lit"), boxes(LIGHTS.map((light) => `.dlhand-${light}`).join())];
    if (!all.length) return;

    // With what flows there, as far as all of it is seen then.
    function by(low, high) {
      const ends = (some) => [Math.min(...some.map((one) => one[low])), Math.max(...some.map((one) => one[high]))];
      const sets = [all, lit, lit.slice(0, 1)].filter((some) => some.length).map(ends);
      const room = outer[high] - outer[low];
      const [first, last] = sets.find(([first, last]) => last - first <= room) ?? sets.at(-1);
      return (first + last - outer[low] - outer[high]) / 2;
    }
    node.scrollBy({ left: by("left", "right"), top: by("top", "bottom"), behavior: "instant" });
  }

  return {
    node,
    take,
    fit,
    spare,
    show,
    mark,
    place,
    scroll,
    // The width from which on it can be read; 0 for none.
    wanted: () => (drawing ? least() * size[0] : 0),
    say: (text) => (image.ariaLabel = text),
  };
}
