// A reading page comes alive: its widgets, its search, and what was done on it before.

import { make, put, reachable } from "./dom.js";
import { foundIn } from "./find.js";
import { onTrouble, recalled } from "./kept.js";
import { makeKeptModel, makeModel, makePlayerModel } from "./model.js";

const NEEDS_SERVER = "The live chapters run only from a web server, not from a file. In the folder of "
  + "these pages, run: python -m http.server";
const base = document.currentScript.src.replace(/[^/]*$/, ""); // of what the pages share
const arrived = {};

// Files of data call this with their name. Scripts, since a page from a file may fetch nothing else.
globalThis.dlhandArrived = (name, data) => (arrived[name] = data);
globalThis.dlhandFont = "dlhand Math"; // the style sheet of the page has it: no widget asks for it

function fetched(name) {
  if (arrived[name]) return Promise.resolve(arrived[name]);
  return new Promise((resolve, reject) => {
    const node = make("script");
    node.src = `${base}${name}.js`;
    node.onload = () => resolve(arrived[name]);
    node.onerror = () => reject(new Error(`${name} has not come`));
    document.head.append(node);
  });
}

const MODELS = {
  player: ({ problems, chapter }) => makePlayerModel(problems, {
    fetchSettings: async (number) => (await fetched(`${chapter}.numbers`))[number],
    fetchSlips: async (number) => (await fetched(`${chapter}.slips`))[number],
  }),
  quiz: ({ key, traits }) => makeKeptModel(key, traits, ["position", "tries"]),
  film: ({ traits }) => makeModel(traits),
  table: ({ traits }) => makeModel(traits),
};

// `widgets` are the modules of the widgets by their kinds.
export function enliven(widgets) {
  document.documentElement.classList.add("live");
  const notice = document.querySelector(".notice");
  onTrouble((words) => put(notice, words));
  for (const el of document.querySelectorAll("[data-widget]")) {
    const kind = el.dataset.widget;
    const data = JSON.parse(el.querySelector("script").textContent);
    el.replaceChildren();
    widgets[kind].render({ model: MODELS[kind](data), el });
  }
  document.querySelectorAll("a.live-chapter").forEach((link) => (link.onclick = (event) => {
    if (location.protocol !== "file:") return;
    event.preventDefault();
    put(notice, NEEDS_SERVER);
    notice.scrollIntoView({ block: "nearest" });
  }));
  document.querySelectorAll("[data-progress]").forEach(tellProgress);
  const wide = document.querySelectorAll(".output, .wide, .dl-line, math[display=block]");
  const watch = new ResizeObserver(() => wide.forEach(reachable));
  watch.observe(document.body);
  enableSearch();
}

// Of a chapter: how many of its steps are found, and of its questions answered.
function tellProgress(node) {
  const { players, quiz, questions } = JSON.parse(node.dataset.progress);
  const kept = Object.keys(players).map((key) => Object.values(recalled(key).attempts ?? {}));
  const found = kept.flat().filter((attempt) => attempt.found).length;
  const steps = Object.values(players).reduce((sum, count) => sum + count, 0);
  const tried = (recalled(quiz).tries ?? []).filter(({ length }) => length).length;
  const parts = [];
  if (found) parts.push(`${found} of ${steps} steps found`);
  if (tried) parts.push(`${tried} of ${questions} questions tried`);
  put(node, parts.join(", ") || node.dataset.none || "");
}

function enableSearch() {
  const box = document.querySelector(".search input");
  const list = document.querySelector(".search ul");
  const status = document.querySelector(".search [role=status]");
  const root = document.querySelector("[data-root]").dataset.root;
  let sections;

  async function look() {
    const search = box.value.trim();
    try {
      sections ??= await fetched("search");
    } catch {
      return put(status, "The search cannot be fetched now.");
    }
    if (search !== box.value.trim()) return; // more has been typed meanwhile
    const found = foundIn(sections, search);
    list.replaceChildren(...found.map(({ address, chapter, heading, excerpt }) => {
      const link = make("a", make("strong", heading || chapter), make("span", heading ? ` ${chapter}` : ""));
      link.href = root + address;
      link.onclick = close; // it may be on this page
      return make("li", link, make("p", excerpt));
    }));
    list.hidden = !found.length;
    put(status, !search ? "" : found.length ? `${found.length} found` : "Nothing found");
  }

  function close() {
    box.value = "";
    list.hidden = true;
    put(status, "");
  }

  box.oninput = look;
  box.form.onsubmit = (event) => {
    event.preventDefault();
    look();
  };
  box.form.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    close();
    box.focus();
  };
}
