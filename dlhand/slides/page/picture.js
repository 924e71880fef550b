// The picture beside a step: a copy of the one drawing, lit for the step, and as much of it seen
// around what is lit as can be read.

const LIGHTS = ["lit", "forward", "backward"];
const LEAST = 1.2; // times its own size; its text is 12 pixels high
const MOST = 2.5;
const NEARLY = 40; // of its own pixels

function showPicture(slide) {
  const place = slide.querySelector(".picture");
  if (!place || place.firstChild || !place.clientWidth) return;
  const drawing = document.getElementById(slide.dataset.picture);
  const order = drawing.dataset.order.split(" ");
  const name = slide.dataset.step;
  const svg = drawing.querySelector("svg").cloneNode(true);
  for (const light of LIGHTS) {
    for (const part of svg.querySelectorAll(`[data-${light}]`)) {
      part.classList.toggle(`dlhand-${light}`, part.dataset[light].split(" ").includes(name));
    }
  }
  for (const number of svg.querySelectorAll("[data-step]")) {
    const step = number.dataset.step;
    number.classList.toggle("dlhand-to-come", order.indexOf(step) > order.indexOf(name));
    number.classList.toggle("dlhand-now", step === name);
  }
  const seen = view(drawing.querySelector("svg"), name, place.clientWidth, place.clientHeight);
  leaveOutCutWords(svg, drawing.querySelector("svg"), seen);
  svg.setAttribute("viewBox", seen.map((length) => length.toFixed(1)).join(" "));
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.removeAttribute("role");
  place.classList.add("dlhand-image");
  place.append(svg);
}

// The part of a drawing that is seen: all of it where it can be read, else what is around the
// parts that are lit.
function view(svg, name, width, height) {
  const size = [svg.width.baseVal.value, svg.height.baseVal.value];
  const whole = Math.min(width / size[0], height / size[1]);
  const scale = Math.min(Math.max(whole, LEAST), MOST);
  const room = [width / scale, height / scale];
  const parts = [...svg.querySelectorAll(LIGHTS.map((light) => `[data-${light}~="${CSS.escape(name)}"]`).join())];
  const own = parts.filter((part) => part.dataset.lit?.split(" ").includes(name));
  const start = startOf(svg);
  const all = extent(parts, svg, start);
  const middle = fits(all, room) ? all : extent(own.length ? own : parts, svg, start);
  return [0, 1].map((k) => {
    const centre = middle ? (middle[0][k] + middle[1][k]) / 2 : start[k] + size[k] / 2;
    if (room[k] >= size[k]) return start[k] + size[k] / 2 - room[k] / 2;
    const last = start[k] + size[k] - room[k];
    const place = Math.min(Math.max(centre - room[k] / 2, start[k]), last);
    // An end of the drawing that is nearly seen is seen, if nothing that is lit goes for it.
    const isSeen = (end) => Math.abs(end - place) < NEARLY
      && (!middle || (middle[0][k] >= end && middle[1][k] <= end + room[k]));
    return [start[k], last].find(isSeen) ?? place;
  }).concat(room);
}

function startOf(svg) {
  const base = svg.viewBox.baseVal;
  return base && base.width ? [base.x, base.y] : [0, 0];
}

// Words beside a drawing, such as what its colours mean, are seen whole or not at all.
function leaveOutCutWords(svg, drawn, [left, top, width, height]) {
  const words = [...svg.querySelectorAll(":scope > text")];
  [...drawn.querySelectorAll(":scope > text")].forEach((text, k) => {
    const [least, most] = extent([text], drawn, startOf(drawn));
    const isWhole = least[0] >= left && least[1] >= top && most[0] <= left + width && most[1] <= top + height;
    if (!isWhole) words[k].remove();
  });
}

const fits = (ends, room) => ends && room.every((length, k) => ends[1][k] - ends[0][k] <= length);

function extent(parts, svg, start) {
  if (!parts.length) return null;
  const outer = svg.getBoundingClientRect();
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const least = (side) => Math.min(...boxes.map((one) => one[side]));
  const most = (side) => Math.max(...boxes.map((one) => one[side]));
  return [
    [least("left") - outer.left + start[0], least("top") - outer.top + start[1]],
    [most("right") - outer.left + start[0], most("bottom") - outer.top + start[1]],
  ];
}
