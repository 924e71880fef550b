// Fits mathematics to its slides, once, before reveal.js begins: the largest letters at which
// nothing is cut off, the picture beside the rows, or below them, or not there. A line that is too
// wide breaks at its signs; rows that have no room go on on a slide of their own; and only what
// cannot be broken, such as a wide matrix, is made smaller than SMALLEST.

const SIZES = [44, 36, 28]; // pixels
const SMALLEST = SIZES.at(-1);
const ROOM = [520, 1100]; // pixels that mathematics has beside the picture and alone
const MATHML = "http://www.w3.org/1998/Math/MathML";
const LAYOUTS = ["beside", "below", "alone"];
const SIGNS = [["=", "≈", "<", ">", "≤", "≥", "→"], ["+", "−", "±"], ["·", "×", "∗", "⊙", "⋅", "/"], [","]];
const AFTER = ","; // a line breaks after it, and before all others

function fitAll(slides) {
  document.documentElement.classList.add("fitting");
  slides.querySelectorAll(".rows .piece > math").forEach(breakUp);
  [...slides.querySelectorAll("section.step")].forEach(fitStep);
  [...slides.querySelectorAll("section.givens")].forEach(fitList);
  [...slides.querySelectorAll("section.whole")].forEach(carryOn);
  [...slides.querySelectorAll("section.title")].forEach(fitTitle);
  document.documentElement.classList.remove("fitting");
}

// Whether anything on a slide reaches out of it.
function isOver(slide) {
  const low = floorOf(slide) + 1;
  const parts = [...slide.children, ...slide.querySelectorAll(".rows, .picture")];
  return parts.some((part) => part.getBoundingClientRect().bottom > low) || isWide(slide);
}

// Where the room for what is on a slide ends.
const floorOf = (slide) =>
  slide.getBoundingClientRect().bottom - parseFloat(getComputedStyle(slide).paddingBottom);

function isWide(slide) {
  const rows = slide.querySelector(".rows");
  if (!rows) return false; // a title
  const end = rows.getBoundingClientRect().right + 1;
  return [...rows.querySelectorAll("math")].some((one) => one.getBoundingClientRect().right > end);
}

function fitStep(slide) {
  const layouts = slide.dataset.picture ? LAYOUTS : LAYOUTS.slice(-1);
  for (const layout of layouts) {
    slide.classList.remove(...LAYOUTS);
    slide.classList.add(layout);
    if (fitsAtASize(slide)) return;
  }
  carryOn(slide);
}

function fitList(slide) {
  if (!fitsAtASize(slide)) carryOn(slide);
}

// Gives a slide the largest letters at which it has room; else the smallest, and says no.
function fitsAtASize(slide) {
  return SIZES.some((size) => {
    slide.style.setProperty("--size", `${size}px`);
    return !isOver(slide);
  });
}

// Moves the last rows of a slide that has too many to one that follows it, and shrinks a row that
// is too large by itself.
function carryOn(slide) {
  const rows = slide.querySelector(".rows");
  [...rows.children].forEach((row) => shrink(row, rows, slide));
  let next;
  while (isOver(slide) && rows.children.length > 1) {
    next ??= continued(slide);
    next.querySelector(".rows").prepend(rows.lastElementChild);
  }
  if (next) {
    slide.after(next);
    const notes = slide.querySelector("aside");
    if (notes) next.append(notes.cloneNode(true));
    carryOn(next);
  }
}

// An empty slide like this one, without its words.
function continued(slide) {
  const next = slide.cloneNode(true);
  next.querySelector(".rows").replaceChildren();
  next.querySelectorAll(".words, aside").forEach((one) => one.remove());
  next.classList.add("continued");
  const heading = next.querySelector(".where, h4");
  if (!heading.textContent.endsWith("continued")) heading.append(", continued");
  return next;
}

function shrink(row, rows, slide) {
  row.style.fontSize = "";
  const room = rows.getBoundingClientRect();
  const widest = Math.max(0, ...[...row.querySelectorAll("math")].map((one) => one.getBoundingClientRect().width));
  const heading = slide.querySelector(".where, h4").getBoundingClientRect().bottom + 24;
  const indent = parseFloat(getComputedStyle(row).paddingInlineStart);
  const scale = Math.min((room.width - indent) / (widest + 1), (floorOf(slide) - heading) / row.getBoundingClientRect().height);
  if (scale < 1) row.style.fontSize = `${Math.floor(scale * 99) / 100}em`;
}

function fitTitle(slide) {
  const words = slide.querySelector(".words");
  for (const size of [32, 28, 24, 20]) {
    if (words) words.style.fontSize = `${size}px`;
    if (!isOver(slide)) return;
  }
}

// ---- Breaking lines

// Puts a wide <math> as several into boxes that wrap: first at the loosest signs, within these at
// the tighter ones. Where all of it has room, it looks as before.
function breakUp(math) {
  const { width } = math.getBoundingClientRect();
  if (width > ROOM[0]) math.replaceWith(broken([...math.children], 0, width > ROOM[1]));
}

// The tighter signs from a level on. Tall brackets are broken only where there is no other way.
function broken(nodes, level, tall) {
  const whole = flat(nodes);
  for (let k = level; k < SIGNS.length; k++) {
    const groups = grouped(whole, SIGNS[k]);
    if (groups.length > 1) return box("broken", ...groups.map((group) => broken(group, k + 1, tall)));
  }
  // In brackets the loosest signs come again.
  const at = whole.findIndex((node) => isOpen(node, tall));
  if (at < 0) return mathOf(whole);
  const brackets = whole[at];
  const [first, ...inner] = brackets.children;
  const last = inner.pop();
  const body = broken(inner, 0, tall);
  if (body.className !== "broken") {
    brackets.replaceChildren(first, ...body.childNodes, last);
    return mathOf(whole);
  }
  const ends = [...body.querySelectorAll("math")];
  if (body.querySelector("mtable, mfrac")) {
    bracketed(ends[0], "opening");
    bracketed(ends.at(-1), "closing");
  } else {
    ends[0].prepend(first);
    ends.at(-1).append(last);
  }
  ends[0].prepend(...whole.slice(0, at));
  ends.at(-1).append(...whole.slice(at + 1));
  return body;
}

// Rows that only group are as good as what is in them.
function flat(nodes) {
  return nodes.flatMap((node) => (node.tagName === "mrow" && !node.className && node.children.length > 2
    ? flat([...node.children]) : [node]));
}

// Round brackets with something in them. Around what is tall they are drawn by the style sheet.
function isOpen(node, tall) {
  return node.className === "dl-round" && (tall || !isTall(node)) && node.children.length > 2;
}

const isTall = (node) => Boolean(node.querySelector("mtable, mfrac"));

// Draws one of two tall brackets around what is in a <math>.
function bracketed(math, side) {
  const row = document.createElementNS(MATHML, "mrow");
  row.setAttribute("class", side);
  row.append(...math.childNodes);
  math.append(row);
}

function grouped(nodes, signs) {
  const groups = [[]];
  nodes.forEach((node, k) => {
    const sign = node.tagName === "mo" && signs.includes(node.textContent);
    const isBetween = k > 0 && k < nodes.length - 1 && nodes[k - 1].tagName !== "mo";
    if (sign && isBetween && node.textContent !== AFTER) {
      node.setAttribute("form", "infix");
      groups.push([node]);
      return;
    }
    groups.at(-1).push(node);
    if (sign && isBetween && node.textContent === AFTER) groups.push([]);
  });
  return groups.filter((group) => group.length);
}

function mathOf(nodes) {
  const math = document.createElementNS(MATHML, "math");
  math.setAttribute("displaystyle", "true");
  math.append(...nodes);
  return math;
}

function box(name, ...children) {
  const made = document.createElement("span");
  made.className = name;
  made.append(...children);
  return made;
}
