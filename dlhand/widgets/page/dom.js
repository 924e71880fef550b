// Elements of the page. What is typed becomes text; only what our renderer wrote becomes markup.

// An element "tag.name" of class dlhand-name; strings become text.
export function make(kind, ...children) {
  const [tag, name] = kind.split(".");
  const node = document.createElement(tag);
  if (name) node.className = `dlhand-${name}`;
  node.append(...children);
  return node;
}

export function button(name, text, press) {
  const node = make(`button.${name}`, text);
  node.type = "button"; // none submits a form by chance
  node.onclick = press;
  return node;
}

export function choice(label, options, pick) {
  const node = make("select", ...options.map(([value, text]) => new Option(text, value)));
  node.ariaLabel = label;
  node.onchange = pick;
  return node;
}

export function checkbox(text, press) {
  const box = make("input");
  box.type = "checkbox";
  box.onchange = press;
  return [make("label.check-box", box, ` ${text}`), box];
}

export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Takes what our renderer wrote: mathematics, words with names among them, pictures.
export function draw(node, markup) {
  if (node.drawn !== markup) node.innerHTML = node.drawn = markup;
}

// A function that does something once, in the next frame, however often it is called till then.
export function inNextFrame(act) {
  let due = 0;
  return () => {
    due ||= requestAnimationFrame(() => {
      due = 0;
      act();
    });
  };
}

// What scrolls can have the focus, so that it can be scrolled by keyboard too.
export function reachable(node) {
  const isHigh = node.scrollHeight > node.clientHeight + 1 && getComputedStyle(node).overflowY === "auto";
  const scrolls = isHigh || node.scrollWidth > node.clientWidth + 1;
  node.classList.toggle("dlhand-scrolls", scrolls);
  if (scrolls) node.tabIndex = 0;
  else node.removeAttribute("tabindex");
}
