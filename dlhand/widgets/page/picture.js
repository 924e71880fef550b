// The picture beside the steps: one drawing, lit by the attributes of its parts.

import { draw, make } from "./dom.js";

const LIGHTS = ["lit", "forward", "backward"];

const LEAST = 0.7; // of its size: smaller, its numbers could not be read

export function makePicture() {
  const image = make("div.image");
  const node = make("div.picture", image);
  let parts = [];
  let numbers = [];
  image.role = "img";

  function take(svg) {
    node.hidden = !svg;
    if (image.drawn === svg) return;
    draw(image, svg);
    const drawing = image.querySelector("svg");
    if (drawing) drawing.style.minWidth = `${LEAST * drawing.width.baseVal.value}px`;
    parts = LIGHTS.flatMap((light) =>
      [...image.querySelectorAll(`[data-${light}]`)].map((part) => ({
        part,
        light: `dlhand-${light}`,
        steps: part.dataset[light].split(" "),
      })));
    numbers = [...image.querySelectorAll("[data-step]")];
  }

  // Lights a step. Of numbers that are `toCome` nothing is seen.
  function show(name, toCome) {
    for (const { part, light, steps } of parts) part.classList.toggle(light, steps.includes(name));
    for (const number of numbers) {
      number.classList.toggle("dlhand-to-come", toCome(number.dataset.step));
    }
  }

  // Scrolls the picture, where it is too wide, to what is lit.
  function scroll() {
    const lit = image.querySelector(".dlhand-lit");
    if (!lit || node.scrollWidth <= node.clientWidth) return;
    const [outer, inner] = [node.getBoundingClientRect(), lit.getBoundingClientRect()];
    node.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
  }

  return { node, take, show, scroll, say: (text) => (image.ariaLabel = text) };
}
