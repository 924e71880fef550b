// A table that is searched and sorted. All rows are in the page.

import { button, make, put } from "./dom.js";
import { ordered } from "./order.js";

function render({ model, el }) {
  let by = null; // the column sorted by
  let isDown = false;
  let nodes = []; // the rows, in the order in which they came

  const search = make("input.input");
  search.type = "search";
  search.oninput = show;
  const count = make("span.state");
  count.role = "status";
  const caption = make("caption");
  const head = make("tr");
  const body = make("tbody");
  const scrolls = make("div.table-scrolls", make("table", caption, make("thead", head), body));
  scrolls.tabIndex = 0;
  scrolls.role = "region";
  const root = make("div.player", make("div.bar", make("label", "Search ", search), count), scrolls);
  root.classList.add("dlhand", "dlhand-table");
  root.dataset.lmSuppressShortcuts = "true"; // what is typed is ours

  function build() {
    const title = model.get("title");
    root.ariaLabel = title;
    scrolls.ariaLabel = `${title}, the table`;
    put(caption, `${title}: press a heading to sort by it`);
    head.replaceChildren(...model.get("headings").map((heading, k) => {
      const cell = make("th", button("sort", heading, () => sort(k)));
      cell.scope = "col";
      return cell;
    }));
    nodes = model.get("rows").map((row) => make("tr", ...row.map((text) => make("td", text))));
    show();
  }

  // Up, down, and then as it was.
  function sort(k) {
    if (by !== k) [by, isDown] = [k, false];
    else if (!isDown) isDown = true;
    else [by, isDown] = [null, false];
    show();
  }

  function show() {
    const kept = ordered(model.get("rows"), search.value.trim(), by, isDown);
    body.replaceChildren(...kept.map((k) => nodes[k]));
    [...head.children].forEach((cell, k) => {
      if (k === by) cell.ariaSort = isDown ? "descending" : "ascending";
      else cell.removeAttribute("aria-sort");
    });
    put(count, `${kept.length} of ${nodes.length} rows`);
  }

  model.on("change:rows", build);
  el.append(root);
  build();
  return () => model.off("change:rows", build);
}

export default { render };
