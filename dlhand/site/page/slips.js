// Which slip gives an answer: dlhand/diagnosis/search.py in the page, for the single slips whose
// values have travelled (dlhand/site/slips.py).

import { floatOf } from "./decimal.js";
import { asFloat } from "./rational.js";

const MOST_CHANCE = 0.02; // above this an explanation is not sure
const NEAR = 0.1; // as a part of the true value, how far off wrong numbers are that are near it
const CLOSE = 9.5; // so many units from the truth, nothing tells a slip from poor rounding
const [PARTLY, CUT_OFF] = [1, 0.5]; // what it costs that some entries differ, and that it was cut off
const ALIKE = 0.5; // two slips whose costs differ by less cannot be told apart
const NOT_WHICH = "the answer cannot say which";
const [UNSURE, SAME] = [1e-9, 1e-11]; // of a unit and of a value: what floats may be off

// Of the slip that explains the `numbers` of an answer to a step, where that is sure: what is told of
// it, where it happened, and whether it is no more than a sign. `found` says how each number is
// right, where it is.
export function slipBehind({ told, signs, places, steps }, name, step, numbers, found) {
  const slips = steps[name] ?? [];
  const typed = numbers.map(asTyped);
  const wrong = typed.map((_, n) => n).filter((n) => !found[n]);
  if (!wrong.length) return;
  const truth = step.values.map(floatOf);
  const hits = [];
  for (const [values, plain, words, place] of slips) {
    const hows = typed.map((one, n) => relation(values[n], one));
    if (wrong.some((n) => !hows[n])) continue;
    const isPartly = hows.some((how) => !how);
    const cost = plain + PARTLY * isPartly + CUT_OFF * wrong.some((n) => hows[n] === "cut off");
    hits.push({ cost, isSure: chanceOf(cost, slips, typed, wrong, truth) <= MOST_CHANCE, words, place });
  }
  const [first, ...others] = hits.sort((one, other) => other.isSure - one.isSure || one.cost - other.cost);
  if (!first?.isSure) return;
  const isOther = ({ cost, words }) => cost < first.cost + ALIKE && words !== first.words && !signs.includes(words);
  const rest = others.find(isOther);
  const or = rest ? `, or ${told[rest.words]}; ${NOT_WHICH}` : "";
  return {
    told: `this is what you get ${told[first.words]}${or}`,
    where: places[first.place],
    isSign: signs.includes(first.words),
  };
}

function asTyped({ exactly, isDecimal, places }) {
  const value = asFloat(exactly);
  return { value, isDecimal, unit: isDecimal ? 10 ** -places : 1e-12 * Math.abs(value) };
}

// How what was typed is a value: rounded or cut off there, or not at all.
function relation(value, { value: typed, isDecimal, unit }) {
  const off = UNSURE * unit + SAME * Math.abs(value);
  if (Math.abs(value - typed) <= (isDecimal ? unit / 2 : 0) + off) return "rounded";
  const left = (Math.abs(value) - Math.abs(typed)) * (value * typed < 0 ? NaN : 1);
  return isDecimal && left > 0 && left < unit - off ? "cut off" : undefined;
}

// How likely a number taken at random near the answer is explained at this cost or less.
function chanceOf(cost, slips, typed, wrong, truth) {
  const width = (n) => widthAround(typed[n], truth[n], wrong.length === 1);
  const [first, ...others] = wrong;
  const { value, unit } = typed[first];
  const right = [Math.round(truth[first] / unit), Math.trunc(truth[first] / unit)]; // no wrong number
  const around = new Set(slips
    .filter(([values, plain]) => plain <= cost && Math.abs(values[first] - value) <= width(first) / 2)
    .map(([values]) => Math.round(values[first] / unit))
    .filter((digits) => !right.includes(digits)));
  const part = (n) => Math.min(1, typed[n].unit / width(n));
  return others.reduce((chance, n) => chance * part(n), Math.max(around.size, 1) * part(first));
}

// As far as the answer is from the truth. Other wrong numbers lie a tenth apart from it, or further.
function widthAround({ value, unit }, truth, isAlone) {
  const apart = Math.abs(value - truth);
  const least = Math.max(apart, 4 * unit);
  return isAlone && apart < CLOSE * unit ? least : Math.max(least, NEAR * Math.abs(truth));
}
