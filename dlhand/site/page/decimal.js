// Decimals, {mantissa, places}: how a number is rounded, cut off and written.

import { asFloat, isBelow, ratio, tenTo, times } from "./rational.js";

const PLAIN = 15; // the longest whole number that is written with no power of ten

export const valueOf = ({ mantissa, places }) => times(ratio(mantissa), tenTo(-places));

// Whole parts of the size of a number times a power of ten, by `whole` of numerator and denominator.
function cut({ n, d }, places, whole) {
  const [top, bottom] = [n < 0n ? -n : n, d];
  const scale = 10n ** BigInt(Math.abs(places));
  const found = places >= 0 ? whole(top * scale, bottom) : whole(top, bottom * scale);
  return { mantissa: n < 0n ? -found : found, places };
}

// Ties go away from zero, as in school.
export const rounded = (value, places) => cut(value, places, (top, bottom) => (2n * top + bottom) / (2n * bottom));
export const chopped = (value, places) => cut(value, places, (top, bottom) => top / bottom);

// The exponent of ten of the leading digit of a number other than 0.
export function exponentOf({ n, d }) {
  const size = ratio(n < 0n ? -n : n, d);
  const guess = size.n.toString().length - size.d.toString().length;
  return isBelow(size, tenTo(guess)) ? guess - 1 : guess;
}

// Plain from 0.0001 to 15 digits, else with a power of ten.
export function written({ mantissa, places }) {
  const sign = mantissa < 0n ? "-" : "";
  const body = (mantissa < 0n ? -mantissa : mantissa).toString();
  if (places <= 0) {
    if (body.length - places <= PLAIN) return sign + body + "0".repeat(-places);
  } else if (body.length > places) {
    return `${sign}${body.slice(0, -places)}.${body.slice(-places)}`;
  } else if (places - body.length <= 3 || mantissa === 0n) {
    return `${sign}0.${body.padStart(places, "0")}`;
  }
  const point = body.length > 1 ? "." : "";
  return `${sign}${body[0]}${point}${body.slice(1)}e${body.length - 1 - places}`;
}

// The decimal places to which a decimal may have been written, the finest first: zeros that end a
// whole number say nothing.
export function scalesOf(value, places) {
  if (places !== 0 || !value.n) return [places];
  const zeros = value.n.toString().match(/0*$/)[0].length;
  return Array.from({ length: zeros + 1 }, (_, k) => -k);
}

export const placesInWords = (places) => `${places} place${places === 1 ? "" : "s"}`;

// A number as it travels: "3", "-1/3", "0.25", "2.5e-8" exactly; "≈0.3333" up to one of its last digit.
export function received(text) {
  const isNear = text.startsWith("≈");
  const [body, exponent = "0"] = text.slice(isNear ? 1 : 0).split("e");
  const [above, below] = body.split("/");
  const [whole, decimals = ""] = above.split(".");
  const scale = Number(exponent) - decimals.length;
  const mantissa = BigInt(whole + decimals);
  const exact = below ? ratio(mantissa, BigInt(below)) : times(ratio(mantissa), tenTo(scale));
  if (!isNear) return { exact, low: exact, high: exact };
  const step = tenTo(scale);
  const ends = [ratio(mantissa - 1n), ratio(mantissa + 1n)].map((end) => times(end, step));
  return { exact: null, low: ends[0], high: ends[1] };
}

// A number that was received, as floating point has it.
export const floatOf = ({ exact, low, high }) => (exact ? asFloat(exact) : (asFloat(low) + asFloat(high)) / 2);

