// An answer judged in the page: dlhand/learner/check.py, rules.py, early.py and slips.py, but for what
// follows from the learner's own earlier answers. tests/learner/cases.json holds both to one table.

import {
  acceptedBy, intervalOf, isAt, isPadded, isRepaired, numbersAs, saysTooLittle, trueText, waysOf, wayOf,
  wholeText, withoutZeros, withSignTurned,
} from "./answered.js";
import { floatOf, placesInWords, valueOf } from "./decimal.js";
import { asFloat, isBelow, magnitudeOf, minus, most, ratio, times } from "./rational.js";
import { slipBehind } from "./slips.js";
import { Refusal } from "./tokens.js";
import { parsed } from "./typed.js";

const EARLY = "right, but rounded early: ";
const TOO_FEW = "too few digits to tell; type at least 2 significant digits";
const FARTHEST = ratio(1n, 10n); // of the largest number: further off it is right by no rounding
const MOST_ENTRIES = 100;
const MOST_NAMED = 3;
const LIKELY = 12; // ways of rounding early that are looked for

// {verdict, message, accepted}; `step` is that of `stepOf`. With `reveal` a message may tell the value.
export function judged(step, text, reveal) {
  let answer;
  try {
    answer = parsed(text, step.values.length);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { verdict: "unreadable", message: error.message, accepted: "" };
  }
  const found = fitted(answer, step.shape);
  if (!found) return { verdict: "not yet", message: `not yet: ${shapeSlip(step, answer)}`, accepted: acceptedBy(step) };
  const numbers = numbersAs(step, found);
  const [verdict, message] = verdictOn(step, numbers, reveal);
  return { verdict, message, accepted: acceptedBy(step, numbers) };
}

// The slip on the way to a step that gives an answer which is not right; `slips` are those of the
// player.
export function slipIn(slips, name, step, text) {
  const numbers = numbersAs(step, fitted(parsed(text, step.values.length), step.shape));
  return slipBehind(slips, name, step, numbers, waysOf(step, numbers));
}

// The numbers of an answer in flat order, each with its places; undefined for another shape. A
// column, a row and a list may be typed for each other.
function fitted({ value, places, shape }, wanted) {
  const withoutOnes = (sizes) => sizes.filter((size) => size !== 1).join();
  if (shape.join() !== wanted.join() && withoutOnes(shape) !== withoutOnes(wanted)) return;
  return flat(value, places);
}

const flat = (value, places) =>
  Array.isArray(value) ? value.flatMap((one, k) => flat(one, places[k])) : [[value, places]];

function verdictOn(step, numbers, reveal) {
  const found = waysOf(step, numbers);
  if (found.every(Boolean)) {
    return saysTooLittle(step, numbers, found) ? ["not yet", `not yet: ${TOO_FEW}`] : rightBy(step, numbers, found);
  }
  return roundedEarly(step, numbers, found, reveal) ?? ["not yet", notYet(step, numbers, found)];
}

function rightBy(step, numbers, found) {
  const hows = new Set(found.map(({ how }) => how));
  if (hows.has("computed")) {
    return ["right", `right, but for the last digits, which floating point makes: ${wholeText(step)}`];
  }
  if (hows.has("cut off")) {
    const value = trueText(step, numbers, found.map(({ places }) => places));
    return ["right", `right, but cut off, not rounded: rounded it is ${value}`];
  }
  return ["right", hows.size === 1 && hows.has("exact") ? "right, and exact" : "right"];
}

// ---- Rounded on the way

function roundedEarly(step, numbers, found, reveal) {
  const isZero = numbers.every((t) => !t.value.n);
  if (isFar(step, numbers) && !isZero) return;
  const told = fromShown(step, numbers) || fromRounded(step, numbers, found, isZero) || within(step, numbers, found);
  if (!told) return;
  if (isZero) return ["not yet", `not yet: nothing is left of the number; ${told}`];
  if (saysTooLittle(step, numbers, found)) return ["not yet", `not yet: ${TOO_FEW}`];
  const value = reveal ? `; carried with all digits it is ${trueText(step, numbers)}` : "";
  return ["rounded early", `${EARLY}${told}${value}`];
}

function isFar(step, numbers) {
  const off = numbers.map((t, n) => magnitudeOf(minus(t.exactly, step.values[n].low))).reduce(most);
  const largest = step.values.map(({ low }) => magnitudeOf(low)).reduce(most);
  return isBelow(times(FARTHEST, largest), off);
}

const comesOut = (t, number, isChopped) => t.scales.some((places) => isAt(number, t.value, places, isChopped));

function fromShown(step, numbers) {
  const comes = step.shown
    && [false, true].some((isChopped) => numbers.every((t, n) => comesOut(t, step.shown[n], isChopped)));
  return comes ? `this is what comes out from the numbers shown, with ${step.work}` : "";
}

function fromRounded(step, numbers, found, isZero) {
  const off = numbers.filter((_, n) => !found[n]);
  const suggested = Math.min(2, Math.max(0, ...off.map(({ places }) => places)));
  for (const { places, isChopped, keeps, found: outcomes } of step.rounded) {
    if (off.some((t) => isPadded(t, places)) || (places < suggested && !isZero) || !(isZero || keeps)) continue;
    const one = outcomes.find(([, reals]) => numbers.every((t, n) => comesOut(t, reals[n], isChopped)));
    const how = `${isChopped ? "cut off after" : "rounded to"} ${placesInWords(places)}`;
    if (one) return `this is what comes out when ${one[0]} is ${how}`;
  }
  return "";
}

// Whether correct work with the digits asked for can reach the answer in another way.
function within(step, numbers, found) {
  if (!step.reach) return "";
  const isIn = (t, n) => {
    const [low, high] = intervalOf(step, n, t.places).map(valueOf);
    return t.places <= step.at[n] && !isBelow(t.value, low) && !isBelow(high, t.value);
  };
  return numbers.every((t, n) => found[n] || isIn(t, n)) ? `work with ${step.work} can end up here` : "";
}

// ---- Not yet

function notYet(step, numbers, found) {
  const right = found.filter(Boolean).length;
  const padded = paddedWords(step, numbers, found);
  if (padded) return `not yet: ${padded}${step.looked}`;
  const why = signSlip(step, numbers, found) || transposeSlip(step, numbers) || orderSlip(step, numbers);
  if (why) return `not yet: ${why}`;
  if (right) return `not yet: ${right} of ${found.length} entries ${right > 1 ? "are" : "is"} right${step.looked}`;
  return `not yet${step.looked}`;
}

// What to say of 1.2000 for 1.1667, which is right as far as 1.2.
function paddedWords(step, numbers, found) {
  const shorter = numbers.map((t, n) => (found[n] ? t : withoutZeros(t)));
  if (!isRepaired(step, shorter, found)) return "";
  const n = numbers.findIndex((t, k) => t.places > shorter[k].places);
  const [came, is] = [numbers[n].places, shorter[n].places].map(placesInWords);
  return `it was typed to ${came}, and is right to ${is} only`;
}

function signSlip(step, numbers, found) {
  const turned = numbers.map((t, n) => (found[n] ? t : withSignTurned(t)));
  if (!isRepaired(step, turned, found)) return "";
  const off = [...found.keys()].filter((n) => !found[n]);
  if (numbers.length === 1) return "only the sign is wrong";
  if (off.length > MOST_NAMED || off.length === numbers.length) return "only signs are wrong";
  return `only the sign of ${inARow(off.map((n) => placeInWords(n, step.shape)))} is wrong`;
}

const areAllRight = (step, numbers) => isRepaired(step, numbers, numbers.map(() => undefined));

const transposed = (numbers, high, wide) =>
  numbers.map((_, k) => numbers[(k % high) * wide + Math.floor(k / high)]);

function transposeSlip(step, numbers) {
  const [high, wide] = step.shape;
  if (step.shape.length !== 2 || high !== wide) return "";
  const turned = transposed(numbers.map(({ number }) => number), high, wide);
  return areAllRight(step, numbersAs(step, turned)) ? "rows and columns are swapped" : "";
}

function orderSlip(step, numbers) {
  if (numbers.length < 2 || numbers.length > MOST_ENTRIES) return "";
  const rest = [...numbers];
  const order = [];
  for (let n = 0; n < numbers.length; n++) {
    const near = floatOf(step.values[n]);
    // floating point tells most numbers apart, at less cost
    const isNear = (t) => Math.abs(near - asFloat(t.exactly)) <= 1.1 * 10 ** -Math.min(...t.scales);
    const k = rest.findIndex((t) => isNear(t) && wayOf(step, n, t));
    if (k < 0) return "";
    order.push(...rest.splice(k, 1));
  }
  return areAllRight(step, order) ? "the numbers are right, but in another order" : "";
}

function shapeSlip(step, answer) {
  const { shape } = answer;
  const [wanted, came] = [step.shape, shape].map(shapeInWords);
  const isTurned = shape.length === 2 && shape.join() === [...step.shape].reverse().join();
  const swapped = isTurned && transposed(flat(answer.value, answer.places), ...shape);
  const why = swapped && areAllRight(step, numbersAs(step, swapped)) ? "rows and columns are swapped; " : "";
  return `${why}this step is ${wanted}, and what was typed is ${came}`;
}

// ---- In words

const inARow = (words) =>
  words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];

function shapeInWords(shape) {
  if (!shape.length) return "one number";
  if (shape.length === 1) return `a list of ${shape[0]}`;
  return `a ${shape.join("×")} ${shape.length === 2 ? "matrix" : "array"}`;
}

// Which entry of an array stands at a flat position, counted from 1.
function placeInWords(position, shape) {
  const numbers = [];
  for (const size of [...shape].reverse()) {
    numbers.unshift((position % size) + 1);
    position = Math.floor(position / size);
  }
  if (numbers.length === 2) return `row ${numbers[0]}, column ${numbers[1]}`;
  return numbers.length === 1 ? `entry ${numbers[0]}` : `entry (${numbers.join(", ")})`;
}

