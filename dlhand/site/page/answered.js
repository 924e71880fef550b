// A number of an answer and the step that it is compared with: dlhand/learner/asked.py and ways.py
// in the page. `step` is what has travelled (dlhand/site/facts.py), read once by `stepOf`.

import {
  chopped, exponentOf, floatOf, received, rounded, scalesOf, valueOf, written,
} from "./decimal.js";
import { isEnclosure, middle, opposite } from "./enclosure.js";
import {
  fromFloat, isBelow, isEqual, least, magnitudeOf, minus, most, negative, plus, ratio, tenTo, times,
} from "./rational.js";

const SIGNIFICANT = 2; // fewer significant digits say too little, unless the value has no more
const MOST_PLACES = 200;
const SLACK_OF_FLOATS = ratio(8n, 1n << 52n);
const [CALCULATOR, DOUBLE] = [10, 13]; // so many significant digits no person writes

// The facts of a step and of the digits asked for, as numbers.
export function stepOf(shape, facts, asked) {
  const numbers = (texts) => texts && texts.map(received);
  return {
    ...facts,
    ...asked,
    shape,
    values: numbers(facts.values),
    rounded: facts.rounded.map(([places, isChopped, keeps, found]) => ({
      places, isChopped: Boolean(isChopped), keeps: Boolean(keeps),
      found: found.map(([which, texts]) => [which, numbers(texts)]),
    })),
    reach: asked.reach && asked.reach.map(numbers),
    shown: numbers(asked.shown),
  };
}

// ---- What was typed

export function typedAs(value, places, asked) {
  const exactly = isEnclosure(value) ? middle(value) : value;
  const isDecimal = places !== null;
  const at = isDecimal ? Math.min(places, MOST_PLACES) : asked;
  // an exact expression, such as 1/3, has no places of its own: those asked for
  return {
    number: [value, places],
    enclosed: isEnclosure(value) ? value : undefined,
    exactly,
    isDecimal,
    places: at,
    value: isDecimal ? exactly : valueOf(rounded(exactly, asked)),
    scales: isDecimal ? scalesOf(exactly, at) : [asked],
  };
}

export const numbersAs = (step, numbers) =>
  numbers.map(([value, places], k) => typedAs(value, places, step.at[k]));

export function withSignTurned(t) {
  const [value, places] = t.number;
  return typedAs(isEnclosure(value) ? opposite(value) : negative(value), places, t.places);
}

// Whether zeros were typed after a number of so few decimal places: 0.5000 for 0.5.
export const isPadded = (t, places) =>
  t.isDecimal && t.value.n !== 0n && t.places > places && times(t.value, tenTo(places)).d === 1n;

// The same number typed to its last digit that is not 0, where that is a decimal place.
export function withoutZeros(t) {
  let { places } = t;
  while (places > 0 && isPadded(t, places - 1)) places -= 1;
  return t.isDecimal ? typedAs(t.exactly, places, places) : t;
}

export const hasDigits = (value, places) =>
  rounded(magnitudeOf(value), places).mantissa.toString().length >= SIGNIFICANT;

// ---- How it is right

// Whether a value is one of those that a number is at decimal places, rounded or cut off.
export function isAt(number, value, places, isChopped) {
  const ends = [number.low, number.high].map((end) => valueOf((isChopped ? chopped : rounded)(end, places)));
  // cut off, a number that is not told from a decimal is taken to be that
  if (isChopped) return isEqual(value, isBelow(magnitudeOf(ends[0]), magnitudeOf(ends[1])) ? ends[1] : ends[0]);
  return ends.some((end) => isEqual(value, end));
}

const isWithin = (value, { low, high }) => !isBelow(value, low) && !isBelow(high, value);

function isTheValue(number, t) {
  if (!t.enclosed) return Boolean(number.exact) && isEqual(number.exact, t.exactly);
  // fifty digits are the same: nobody types another number that has them all
  return !isBelow(t.enclosed.high, number.low) && !isBelow(number.high, t.enclosed.low);
}

// Whether a decimal is the value as floating point has it: 0.30000000000000004 for 3/10.
function isAsComputed(number, t, scale) {
  const { value, places } = t;
  const digits = value.n ? exponentOf(value) + places + 1 : 0;
  const near = floatOf(number);
  if (digits < (number.exact ? CALCULATOR : DOUBLE) || !Number.isFinite(near)) return false;
  const off = times(SLACK_OF_FLOATS, most(magnitudeOf(fromFloat(near)), fromFloat(scale)));
  const furthest = plus(times(ratio(2n), off), times(ratio(2n), tenTo(-places)));
  if (!off.n || isBelow(furthest, magnitudeOf(minus(fromFloat(near), value)))) return false;
  const outer = [minus(number.low, off), plus(number.high, off)];
  const ends = outer.flatMap((end) => [rounded, chopped].map((cut) => valueOf(cut(end, places))));
  return isWithin(value, { low: ends.reduce(least), high: ends.reduce(most) });
}

// How a number is right as the one at `n`: {how, places}; undefined if it is not. It is "settled"
// where nothing tells the value from what was typed.
export function wayOf(step, n, t) {
  const number = step.values[n];
  if (isTheValue(number, t)) return { how: "exact", places: t.places };
  for (const isChopped of [false, true]) {
    const places = t.scales.find((scale) => isAt(number, t.value, scale, isChopped));
    if (places === undefined) continue;
    if (isChopped) return { how: "cut off", places };
    return { how: !number.exact && isWithin(t.exactly, number) ? "settled" : "rounded", places };
  }
  if (t.isDecimal && isAsComputed(number, t, step.scale)) return { how: "computed", places: t.places };
}

export const waysOf = (step, numbers) => numbers.map((t, n) => wayOf(step, n, t));

// Whether it is right in which those numbers were changed that had not been right.
export function isRepaired(step, numbers, found) {
  const now = found.map((way, n) => way ?? wayOf(step, n, numbers[n]));
  return now.every(Boolean) && !saysTooLittle(step, numbers, now);
}

function saysEnough(t, way) {
  if (way && ["exact", "settled"].includes(way.how)) return true;
  return hasDigits(t.value, way ? way.places : t.places);
}

// Right as far as it goes, but with too few digits: 1 for 0.73. In a list a number may have fewer if
// it is written to the places at which a neighbour has enough of them.
export function saysTooLittle(step, numbers, found) {
  const places = numbers.map((t, n) => found[n]?.places ?? t.places);
  const enough = numbers.map((t, n) => saysEnough(t, found[n]));
  const coarsest = Math.min(Infinity, ...places.filter((_, n) => enough[n]));
  return places.some((at, n) => !(enough[n] || at >= step.at[n] || at >= coarsest));
}

// ---- What is accepted, and what is true

export function intervalOf(step, n, places) {
  const bounds = step.reach ? step.reach[n].map(({ low }) => low) : [step.values[n].low, step.values[n].high];
  const ends = bounds.flatMap((bound) => [rounded(bound, places), chopped(bound, places)]);
  const by = (isFirst) => ends.reduce((a, b) => (isFirst(valueOf(b), valueOf(a)) ? b : a));
  return [by(isBelow), by((a, b) => isBelow(b, a))];
}

export function acceptedBy(step, numbers) {
  const texts = step.at.map((asked, n) => {
    const own = numbers && numbers[n].places < asked && hasDigits(step.values[n].low, numbers[n].places);
    const [low, high] = intervalOf(step, n, own ? numbers[n].places : asked);
    if (!isEqual(valueOf(low), valueOf(high))) return `${written(low)} to ${written(high)}`;
    const { exact } = step.values[n];
    return step.texts[n] && exact && isEqual(valueOf(low), exact) ? step.texts[n] : written(low);
  });
  return nestedText(texts, step.shape);
}

// Rounded to decimal places; one more settles what a tie leaves open.
function roundedText({ low, high }, places) {
  const ends = [rounded(low, places), rounded(high, places)];
  return written(ends[0].mantissa === ends[1].mantissa ? ends[0] : rounded(low, places + 1));
}

// The true value, written as the answer is: to its places (or those `at`), or exactly.
export function trueText(step, numbers, at = numbers.map(({ places }) => places)) {
  const texts = numbers.map((t, n) =>
    step.texts[n] !== null && !t.isDecimal ? step.texts[n] : roundedText(step.values[n], at[n]));
  return nestedText(texts, step.shape);
}

// The true value with the digits asked for; an exact one with all of its own.
export const wholeText = (step) =>
  nestedText(step.whole.map((text, n) => text ?? roundedText(step.values[n], step.at[n])), step.shape);

export function nestedText(texts, shape) {
  if (!shape.length) return texts[0];
  const [count, ...rest] = shape;
  const block = texts.length / count;
  const rows = Array.from({ length: count }, (_, k) => nestedText(texts.slice(k * block, (k + 1) * block), rest));
  return `[${rows.join(", ")}]`;
}

