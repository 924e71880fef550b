// What is not rational: two rational numbers, {low, high}, that enclose it, some 90 digits apart.

import {
  bitsOf, floorOf, isBelow, isEqual, least, magnitudeOf, minus, most, negative, ONE, over, plus, raised, ratio, times, ZERO,
} from "./rational.js";

const BITS = 320; // of the two ends
const WORK = 400n; // binary places within a series
const SLACK = ratio(1n, 1n << 370n); // more than a series is off
const LARGEST = 40000; // binary digits of a number that is still worked with

export class Undefined extends Error {}
const UNSETTLED = "";
const TOO_LARGE = "a value too large to be written down";

export const isEnclosure = (one) => "low" in one;
export const exactly = (value) => ({ low: value, high: value });
export const asEnclosure = (one) => (isEnclosure(one) ? one : exactly(one));
export const middle = ({ low, high }) => times(plus(low, high), ratio(1n, 2n));

// An end with no more digits than are of use, moved outwards.
function shortened(end, isUp) {
  if (bitsOf(end.n) + bitsOf(end.d) <= 2 * BITS) return end;
  const exponent = bitsOf(end.n) - bitsOf(end.d);
  if (exponent > LARGEST) throw new Undefined(TOO_LARGE);
  const shift = BigInt(BITS - exponent);
  const [n, d] = shift >= 0n ? [end.n << shift, end.d] : [end.n, end.d << -shift];
  const whole = isUp ? -floorOf(-n, d) : floorOf(n, d);
  return shift >= 0n ? ratio(whole, 1n << shift) : ratio(whole << -shift);
}

const between = (low, high) => ({ low: shortened(low, false), high: shortened(high, true) });
const around = (value, slack = SLACK) => between(minus(value, slack), plus(value, slack));
const spanning = (ends) => between(ends.reduce(least), ends.reduce(most));

export const added = (a, b) => between(plus(a.low, b.low), plus(a.high, b.high));
export const opposite = ({ low, high }) => ({ low: negative(high), high: negative(low) });
export const subtracted = (a, b) => added(a, opposite(b));
export const multiplied = (a, b) =>
  spanning([times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)]);

function holdsZero({ low, high }) {
  return !isBelow(ZERO, low) && !isBelow(high, ZERO);
}

export function divided(a, b) {
  if (isEqual(b.low, ZERO) && isEqual(b.high, ZERO)) throw new Undefined("division by zero");
  if (holdsZero(b)) throw new Undefined(UNSETTLED);
  return multiplied(a, { low: over(ONE, b.high), high: over(ONE, b.low) });
}

// A function that grows, of both ends.
const growing = (at) => (a) => {
  if (isEqual(a.low, a.high)) return at(a.low);
  return { low: at(a.low).low, high: at(a.high).high };
};

const scaled = ({ n, d }, more = 0n) => (n << (WORK + more)) / d;
const unscaled = (whole) => ratio(whole, 1n << WORK);

// ---- Roots and powers

function rootOf(whole) {
  if (whole < 2n) return whole;
  let x = 1n << BigInt(Math.ceil(bitsOf(whole) / 2));
  for (;;) {
    const next = (x + whole / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

export const root = growing((x) => {
  if (isBelow(x, ZERO)) throw new Undefined("the square root of a negative number");
  const [above, below] = [rootOf(x.n), rootOf(x.d)];
  if (above * above === x.n && below * below === x.d) return exactly(ratio(above, below));
  const shift = BigInt(Math.max(0, BITS - bitsOf(x.n) + bitsOf(x.d)));
  const whole = rootOf((x.n << (2n * shift)) / x.d);
  return between(ratio(whole, 1n << shift), ratio(whole + 1n, 1n << shift));
});

function wholePower(a, count) {
  let [result, square] = [exactly(ONE), a];
  for (let rest = count; rest; rest >>= 1) {
    if (rest & 1) result = multiplied(result, square);
    square = rest > 1 ? multiplied(square, square) : square;
  }
  return result;
}

export function power(a, exponent) {
  if (exponent.n < 0n && isEqual(a.low, ZERO) && isEqual(a.high, ZERO)) {
    throw new Undefined("division by zero (zero to a negative power)");
  }
  if (exponent.d === 1n) {
    const result = wholePower(a, Math.abs(Number(exponent.n)));
    return exponent.n < 0n ? divided(exactly(ONE), result) : result;
  }
  if (exponent.d % 2n === 0n) return power(root(a), ratio(exponent.n, exponent.d / 2n));
  return exponential(multiplied(logarithm(a), exactly(exponent)));
}

// ---- Exponentials and logarithms

// e^r for 0 ≤ r: the series of a small part of it, squared again and again.
function exponentialOf(r) {
  if (!r.n) return exactly(ONE);
  if (isFarOut(r)) throw new Undefined(TOO_LARGE);
  const halvings = Math.max(0, bitsOf(r.n) - bitsOf(r.d) + 10);
  const x = scaled(r) >> BigInt(halvings);
  let [sum, term] = [0n, 1n << WORK];
  for (let k = 1n; term; k++) {
    sum += term;
    term = ((term * x) >> WORK) / k;
  }
  for (let k = 0; k < halvings; k++) sum = (sum * sum) >> WORK;
  const value = unscaled(sum);
  return around(value, times(value, ratio(1n, 1n << BigInt(BITS))));
}

const isFarOut = (x) => isBelow(ratio(BigInt(LARGEST)), x); // its exponential is

export const exponential = growing((x) => {
  if (x.n >= 0n) return exponentialOf(x);
  const other = negative(x);
  return isFarOut(other) ? { low: ZERO, high: ratio(1n, 1n << BigInt(LARGEST)) } : divided(exactly(ONE), exponentialOf(other));
});

// The series of artanh(z), doubled: the logarithm of (1 + z) / (1 - z).
function twiceArtanh(z) {
  const x = scaled(z);
  const square = (x * x) >> WORK;
  let [sum, term] = [0n, x];
  for (let k = 1n; term > 1n || term < -1n; k += 2n) {
    sum += term / k;
    term = (term * square) >> WORK;
  }
  return 2n * sum;
}

export const logarithm = growing((x) => {
  if (isEqual(x, ONE)) return exactly(ZERO);
  if (isEqual(x, ZERO)) throw new Undefined(UNSETTLED);
  if (isBelow(x, ZERO)) throw new Undefined("the logarithm of a number that is not positive");
  const twos = bitsOf(x.n) - bitsOf(x.d);
  const part = times(x, raised(ratio(2n), -twos)); // from a half to 2
  const own = twiceArtanh(over(minus(part, ONE), plus(part, ONE)));
  return around(unscaled(own + BigInt(twos) * twiceArtanh(ratio(1n, 3n))));
});

// Both by exponentials of what is below 0, which are never too large.
export const sigmoid = growing((x) => {
  if (!x.n) return exactly(ratio(1n, 2n));
  const small = exponential(exactly(negative(magnitudeOf(x))));
  return divided(x.n < 0n ? small : exactly(ONE), added(exactly(ONE), small));
});

export const tanh = growing((x) => {
  if (!x.n) return exactly(ZERO);
  const small = exponential(exactly(times(magnitudeOf(x), ratio(-2n))));
  const found = divided(subtracted(exactly(ONE), small), added(exactly(ONE), small));
  return x.n < 0n ? opposite(found) : found;
});

// ---- The circle

function arctanOfInverse(whole) {
  let term = (1n << WORK) / whole;
  let sum = 0n;
  for (let k = 1n; term; k += 4n) {
    sum += term / k - term / (whole * whole) / (k + 2n);
    term /= whole ** 4n;
  }
  return sum;
}

let known;
// John Machin, 1706
const piScaled = () => (known ??= 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n)));
export const pi = () => around(unscaled(piScaled()));

function waveOf(x, isCosine) {
  if (!x.n) return exactly(isCosine ? ONE : ZERO);
  if (bitsOf(x.n) - bitsOf(x.d) > 120) throw new Undefined(UNSETTLED); // π is not known that well
  const turns = floorOf(x.n << WORK, x.d * 2n * piScaled());
  const rest = scaled(x) - turns * 2n * piScaled();
  const square = (rest * rest) >> WORK;
  let [sum, term] = [0n, isCosine ? 1n << WORK : rest];
  for (let k = isCosine ? 1n : 2n; term > 1n || term < -1n; k += 2n) {
    sum += term;
    term = -((term * square) >> WORK) / (k * (k + 1n));
  }
  return around(unscaled(sum), ratio(1n, 1n << 260n));
}

// Neither changes faster than what it is of.
const wave = (isCosine) => (a) => {
  const { low, high } = waveOf(middle(a), isCosine);
  const off = minus(a.high, a.low);
  return isEqual(a.low, a.high) ? { low, high } : between(minus(low, off), plus(high, off));
};
export const sine = wave(false);
export const cosine = wave(true);
