// The models of widgets where there is no kernel: the widgets' own modules are handed these.

import { stepOf } from "./answered.js";
import { judged, slipIn } from "./judge.js";
import { keep, recalled } from "./kept.js";
import { merged } from "./merge.js";

const RIGHT = ["right", "rounded early"];
const LONGEST_ANSWER = 5000; // characters that are read
const KEPT = ["position", "revealed", "predict", "hide", "opened", "worked", "helped", "attempts"];
const SETTING = ["digits", "places", "rounding"];
const NOT_HERE = "This page has not these digits; the live chapter has them all.";
const BARE = /^not yet(: \d+ of \d+ entries (is|are) right)?( \(.*\))?$/; // nothing is known of what went wrong
const ONLY_SIGN = "not yet: only the sign is wrong"; // a slip says more
const FURTHER = "(The live chapter looks further: for two slips at once, and whether it follows from your earlier answers.)";

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const chosen = (from, names) => Object.fromEntries(names.map((name) => [name, from[name]]));

// What a widget's model is in a notebook. `saved` is called when the page saves changes, `asked`
// with what it sends.
export function makeModel(traits, { saved = () => {}, asked = () => {} } = {}) {
  const values = { ...traits };
  const handlers = new Map();

  function emit(name, ...content) {
    [...(handlers.get(name) ?? [])].forEach((handler) => handler(...content));
  }

  function set(changes, value) {
    const all = typeof changes === "string" ? { [changes]: value } : changes;
    const changed = Object.keys(all).filter((name) => !isSame(values[name], all[name]));
    Object.assign(values, all);
    changed.forEach((name) => emit(`change:${name}`));
    if (changed.length) emit("change");
  }

  return {
    set,
    emit,
    get: (name) => values[name],
    save_changes: () => saved(),
    send: (message) => setTimeout(asked, 0, message), // the page is told later, as by a kernel
    on: (name, handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
    off: (name, handler) => handlers.set(name, (handlers.get(name) ?? []).filter((one) => one !== handler)),
  };
}

// A model of which some traits are kept in this browser.
export function makeKeptModel(key, traits, names) {
  const model = makeModel({ ...traits, ...chosen({ ...traits, ...recalled(key) }, names) }, {
    saved: () => keep(key, Object.fromEntries(names.map((name) => [name, model.get(name)]))),
  });
  return model;
}

// The model of a step player, and of problem after problem: `problems` are as dlhand/site/travel.py
// has them; `fetchSettings` gives, later, what one of them is with other digits, and `fetchSlips` what
// can go wrong in it.
export function makePlayerModel(problems, { fetchSettings, fetchSlips }) {
  const place = `${problems[0].key}:problem`; // by what it is kept which of them is played
  let problem, shapes, shown, asked;

  const model = makeModel(begin(recalled(place).at ?? 0), {
    saved() {
      keepAll();
      if (!isSame(setting(), shown)) changeSetting(setting());
    },
    asked(message) {
      ({ settle, check, hint, another, restart: keepAll })[message.type]?.(message);
    },
  });

  const setting = () => Object.fromEntries(SETTING.map((name) => [name, model.get(name)]));
  const keepAll = () => keep(problem.key, Object.fromEntries(KEPT.map((name) => [name, model.get(name)])));

  // Takes a problem up, as it was left; gives the traits it has.
  function begin(at) {
    problem = problems[at] ?? problems[0];
    const { key, traits } = problem;
    shapes = new Map(traits.view.steps.map(({ name, shape }) => [name, shape]));
    shown = chosen(traits, SETTING);
    asked = problem.asked;
    return { ...traits, ...chosen({ ...traits, ...recalled(key) }, KEPT) };
  }

  // After the last one comes the first again.
  function another() {
    const at = (problems.indexOf(problem) + 1) % problems.length;
    keep(place, { at });
    model.set(begin(at));
  }

  async function changeSetting(wanted) {
    const { traits, asked: own, number } = problem;
    const settings = [{ setting: chosen(traits, SETTING), changed: 0, asked: own }, ...await fetchSettings(number)];
    if (traits !== problem.traits || !isSame(setting(), wanted)) return; // another has been chosen meanwhile
    const found = settings.find((one) => isSame(one.setting, wanted));
    if (!found) {
      model.set(shown);
      return model.set({ settled: { ...model.get("settled"), told: NOT_HERE } });
    }
    shown = wanted;
    // judged is with the digits asked for, however the numbers shown are rounded
    asked = found.asked ?? settings.find((one) => isSame(one.setting, { ...wanted, rounding: null }))?.asked ?? own;
    model.set(merged(chosen(traits, ["numbers", "settled"]), found.changed));
  }

  function settle({ id }) {
    model.set({ settled: { ...model.get("settled"), id } });
  }

  async function check({ id, name, text }) {
    const isOpen = !model.get("predict")
      || [...model.get("opened"), ...model.get("worked")].includes(name);
    const { number } = problem;
    const found = await judgedAnswer(name, text, isOpen);
    if (number !== problem.number) return; // another has been chosen meanwhile
    if (!isOpen && ![...RIGHT, "follows"].includes(found.verdict)) found.accepted = "";
    if (found.verdict !== "unreadable") take(name, text, found);
    model.emit("msg:custom", { type: "judgement", id, ...found }, []);
  }

  async function judgedAnswer(name, text, isOpen) {
    if (text.length > LONGEST_ANSWER) {
      const message = `an answer has at most ${LONGEST_ANSWER} characters; this one was cut off there`;
      return { verdict: "unreadable", message, accepted: "" };
    }
    const step = stepOf(shapes.get(name), problem.facts[name], asked[name]);
    const found = judged(step, text, isOpen);
    const [isBare, isSign] = [BARE.test(found.message), found.message === ONLY_SIGN];
    if (!isBare && !isSign) return found;
    const slip = await slipOf(name, step, text);
    if (slip && !(isSign && slip.isSign)) return { ...found, message: `not yet: ${slip.told}`, where: slip.where };
    return isBare ? { ...found, message: `${found.message} ${FURTHER}` } : { ...found, where: name };
  }

  // Undefined also where the slips do not come.
  async function slipOf(name, step, text) {
    try {
      return slipIn(await fetchSlips(problem.number), name, step, text);
    } catch {
      return undefined;
    }
  }

  // An attempt, as dlhand/learner/attempts.py takes it: a step once found stays found.
  function take(name, text, { verdict, message, accepted, where = "" }) {
    const attempts = model.get("attempts");
    const before = attempts[name] ?? { tries: 0, found: false };
    const isRight = RIGHT.includes(verdict);
    const attempt = {
      text, verdict, message, accepted, where, tries: before.tries + !before.found, found: before.found || isRight,
    };
    const opened = model.get("opened");
    model.set({
      attempts: { ...attempts, [name]: attempt },
      opened: isRight && !opened.includes(name) ? [...opened, name] : opened,
    });
    keepAll();
  }

  function hint({ id, name }) {
    model.emit("msg:custom", { type: "hint", id, text: asked[name].hint }, []);
  }

  return model;
}
