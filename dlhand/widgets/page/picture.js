// The picture of the steps: one drawing, lit by the attributes of its parts.

import { draw, make } from "./dom.js";

const LIGHTS = ["lit", "forward", "backward"];

export function makePicture() {
  const image = make("div.image");
  const node = make("div.picture", image);
  let drawing;
  let size = [1, 1];
  let letters = 12; // the height of its smallest text
  let parts = [];
  let numbers = [];
  image.role = "img";

  function take(svg) {
    node.hidden = !svg;
    if (image.drawn === svg) return;
    draw(image, svg);
    drawing = image.querySelector("svg");
    if (drawing) {
      size = ["width", "height"].map((side) => drawing[side].baseVal.value);
      const texts = [...drawing.querySelectorAll("text[font-size]")];
      letters = Math.min(...texts.map((text) => text.getAttribute("font-size")), 16);
    }
    parts = LIGHTS.flatMap((light) =>
      [...image.querySelectorAll(`[data-${light}]`)].map((part) => ({
        part,
        light: `dlhand-${light}`,
        steps: part.dataset[light].split(" "),
      })));
    numbers = [...image.querySelectorAll("[data-step]")];
  }

  const styled = (name) => parseFloat(getComputedStyle(node).getPropertyValue(name));

  // How far it may be made smaller, so that its text can still be read.
  const least = () => styled("--least") / letters;

  // Fills its place, as large as can be seen at once; it scrolls rather than be too small to read.
  function fit() {
    if (!drawing) return;
    const room = [node.clientWidth, styled("max-height") || Infinity];
    const scale = Math.min(...room.map((length, k) => length / size[k]), styled("--most"));
    const width = `${Math.floor(Math.max(scale, least()) * size[0])}px`;
    if (drawing.style.width !== width) drawing.style.width = width;
  }

  // Lights a step. Of numbers that are `toCome` nothing is seen.
  function show(name, toCome) {
    for (const { part, light, steps } of parts) part.classList.toggle(light, steps.includes(name));
    for (const number of numbers) {
      number.classList.toggle("dlhand-to-come", toCome(number.dataset.step));
    }
  }

  // Scrolls the picture, where it is too large, to the middle of what is lit.
  function scroll() {
    const outer = node.getBoundingClientRect();
    const boxes = (lights) => [...image.querySelectorAll(lights)].map((one) => one.getBoundingClientRect());
    const [lit, all] = [boxes(".dlhand-lit"), boxes(LIGHTS.map((light) => `.dlhand-${light}`).join())];
    if (!all.length) return;

    // With what flows there, as far as all of it is seen then.
    function by(low, high) {
      const ends = (some) => [Math.min(...some.map((one) => one[low])), Math.max(...some.map((one) => one[high]))];
      let [first, last] = ends(all);
      if (lit.length && last - first > outer[high] - outer[low]) [first, last] = ends(lit);
      return (first + last - outer[low] - outer[high]) / 2;
    }
    node.scrollBy({ left: by("left", "right"), top: by("top", "bottom"), behavior: "instant" });
  }

  return {
    node,
    take,
    fit,
    show,
    scroll,
    // Whether it can be read within a width.
    fits: (width) => Boolean(drawing) && least() * size[0] <= width,
    say: (text) => (image.ariaLabel = text),
  };
}
