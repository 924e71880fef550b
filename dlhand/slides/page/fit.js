// Fits mathematics to its slides, once, before reveal.js begins: the largest letters at which
// nothing is cut off, the picture beside the rows, or below them, or not there. A line that is too
// wide breaks at its signs; rows that have no room go on on a slide of their own; and only what
// cannot be broken, such as a wide matrix, is made smaller than SMALLEST.

const SIZES = [44, 36, 28]; // pixels
const SMALLEST = SIZES.at(-1);
const LAYOUTS = ["beside", "below", "alone"];
const SIGNS = [["=", "≈", "<", ">", "≤", "≥", "→"], ["+", "−", "±"], ["·", "×", "∗", "⊙", "⋅", "/"], [","]];
const AFTER = ","; // a line breaks after it, and before all others

function fitAll(slides) {
  document.documentElement.classList.add("fitting");
  slides.querySelectorAll(".rows .piece > math").forEach(breakUp);
  [...slides.querySelectorAll("section.step")].forEach(fitStep);
  [...slides.querySelectorAll("section:is(.givens, .whole)")].forEach(carryOn);
  [...slides.querySelectorAll("section.title")].forEach(fitTitle);
  document.documentElement.classList.remove("fitting");
}

// What of a slide reaches out of it.
function isOver(slide) {
  const { bottom, right } = slide.getBoundingClientRect();
  const style = getComputedStyle(slide);
  const low = bottom - parseFloat(style.paddingBottom) + 1;
  const rows = slide.querySelector(".rows");
  const ends = rows ? [rows, ...slide.children] : [...slide.children];
  return ends.some((one) => one.getBoundingClientRect().bottom > low && one.tagName !== "ASIDE")
    || isWide(slide) || isOnPicture(slide)
    || right < 0;
}

function isOnPicture(slide) {
  const picture = slide.querySelector(".picture");
  if (!picture || !picture.offsetHeight || !slide.classList.contains("below")) return false;
  return slide.querySelector(".rows").getBoundingClientRect().bottom > picture.getBoundingClientRect().top + 1;
}

function isWide(slide) {
  const rows = slide.querySelector(".rows");
  if (!rows) return false;
  return [...rows.querySelectorAll("math")].some((one) => isOut(one, rows));
}

const isOut = (one, rows) =>
  one.getBoundingClientRect().right > rows.getBoundingClientRect().right + 1;

function fitStep(slide) {
  const layouts = slide.dataset.picture ? LAYOUTS : LAYOUTS.slice(-1);
  for (const layout of layouts) {
    slide.classList.remove(...LAYOUTS);
    slide.classList.add(layout);
    for (const size of SIZES) {
      slide.style.setProperty("--size", `${size}px`);
      if (!isOver(slide)) return;
    }
  }
  carryOn(slide);
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
  const low = slide.getBoundingClientRect().bottom - parseFloat(getComputedStyle(slide).paddingBottom);
  const heading = slide.querySelector(".where, h4").getBoundingClientRect().bottom + 24;
  const indent = parseFloat(getComputedStyle(row).paddingInlineStart);
  const scale = Math.min((room.width - indent) / (widest + 1), (low - heading) / row.getBoundingClientRect().height);
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
  if (math.getBoundingClientRect().width < 520) return;
  math.replaceWith(broken([...math.children], 0));
}

function broken(nodes, level) {
  const whole = flat(nodes);
  for (let k = level; k < SIGNS.length; k++) {
    const groups = grouped(whole, SIGNS[k]);
    if (groups.length > 1) return box("broken", ...groups.map((group) => broken(group, k + 1)));
  }
  // In brackets the loosest signs come again.
  const inner = whole.findIndex(isOpen);
  if (inner >= 0) {
    const end = whole[inner];
    const pieces = [whole.slice(0, inner), [...end.children], whole.slice(inner + 1)];
    const [first, ...rest] = pieces[1];
    const last = rest.pop();
    const body = broken(rest, 0);
    if (body.className === "broken" && first && last) {
      glue(body, [...pieces[0], first], [last, ...pieces[2]]);
      return body;
    }
    end.replaceChildren(...pieces[1]);
  }
  return mathOf(whole);
}

// Rows that only group are as good as what is in them.
function flat(nodes) {
  return nodes.flatMap((node) => (node.tagName === "mrow" && !node.className && node.children.length > 2
    ? flat([...node.children]) : [node]));
}

// Round brackets that are characters, with something in them.
function isOpen(node) {
  return node.tagName === "mrow" && /^dl-(round|square)$/.test(node.className)
    && !node.querySelector("mtable, mfrac") && node.children.length > 4;
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

// Puts what stands before and after brackets into the first and the last <math> within them.
function glue(body, before, after) {
  const all = body.querySelectorAll("math");
  all[0].prepend(...before);
  all[all.length - 1].append(...after);
}

function mathOf(nodes) {
  const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
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
