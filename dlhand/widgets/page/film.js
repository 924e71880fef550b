// A film: the moments of one picture. All of them are in the page.

import { make, put, reachable } from "./dom.js";
import { makeMoves, moveOf } from "./moves.js";
import { makePicture } from "./picture.js";
import { makePlay, playsBy } from "./play.js";

const KEYS = "Keys: arrows, Home, End; P plays.";

function render({ model, el }) {
  const moments = () => model.get("moments");
  const last = () => moments().length - 1;
  const position = () => Math.max(0, Math.min(model.get("position"), last()));
  let places = new Map(); // when a moment is, by its name

  const title = make("h3.title");
  const picture = makePicture();
  const play = makePlay(playOn, () => (position() < last() ? "on" : "ends"));
  const moves = makeMoves((by) => go(position() + by));
  const progress = make("span.state");
  const words = make("p.words");
  const line = make("p.calculated");
  const caption = make("div.caption", words, line);
  const root = make("div.player", title,
    make("div.bar", ...moves.nodes, play.node, play.pace, progress),
    picture.node, caption, make("p.keys", KEYS));
  caption.role = "status";
  root.classList.add("dlhand", "dlhand-film");
  root.tabIndex = 0; // for the keys
  root.dataset.lmSuppressShortcuts = "true"; // they are ours
  root.onkeydown = key;

  function build() {
    root.ariaLabel = `film: ${model.get("title")}`;
    put(title, model.get("title"));
    places = new Map(moments().map(([name], k) => [name, k]));
    picture.take(model.get("picture"));
    picture.say(model.get("title"));
    show();
  }

  function show() {
    const at = position();
    const [name, said, calculated] = moments()[at];
    picture.show(name, (step) => places.get(step) > at);
    put(words, said);
    put(line, calculated);
    put(progress, `${at + 1} of ${last() + 1}`);
    moves.show(at, last());
    requestAnimationFrame(arrange);
  }

  function arrange() {
    picture.fit();
    picture.scroll();
    reachable(picture.node);
  }

  function go(target) {
    model.set("position", Math.max(0, Math.min(target, last())));
    model.save_changes();
  }

  // From the last moment playing begins anew.
  function playOn() {
    go(position() === last() ? 0 : position() + 1);
  }

  function key(event) {
    const by = moveOf(event);
    if (event.target.matches("select")) return;
    if (playsBy(event)) play.toggle();
    else if (by) go(position() + by);
    else return;
    event.preventDefault();
  }

  const handlers = { "change:position": show, "change:picture": build };
  for (const name in handlers) model.on(name, handlers[name]);
  const watch = new ResizeObserver(() => requestAnimationFrame(arrange));
  watch.observe(root);
  el.append(root);
  build();
  return () => {
    play.pause();
    watch.disconnect();
    for (const name in handlers) model.off(name, handlers[name]);
  };
}

export default { render };
