// Exact rational numbers, {n, d}: two whole numbers without a common factor, d above 0.

const common = (a, b) => {
  while (b) [a, b] = [b, a % b];
  return a;
};
const sizeOf = (a) => (a < 0n ? -a : a);

export function ratio(n, d = 1n) {
  if (d < 0n) [n, d] = [-n, -d];
  const factor = d === 1n ? 1n : common(sizeOf(n), d);
  return factor === 1n ? { n, d } : { n: n / factor, d: d / factor };
}

export const ZERO = ratio(0n);
export const ONE = ratio(1n);
export const negative = ({ n, d }) => ({ n: -n, d });
export const magnitudeOf = ({ n, d }) => ({ n: sizeOf(n), d });
export const plus = (a, b) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a, b) => ratio(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a, b) => ratio(a.n * b.n, a.d * b.d);
export const over = (a, b) => ratio(a.n * b.d, a.d * b.n);
export const isEqual = (a, b) => a.n === b.n && a.d === b.d;
export const isBelow = (a, b) => a.n * b.d < b.n * a.d;
export const least = (a, b) => (isBelow(b, a) ? b : a);
export const most = (a, b) => (isBelow(a, b) ? b : a);

// To a whole power; a number to a power below 0 must not be 0.
export const raised = ({ n, d }, power) =>
  power < 0 ? ratio(d ** BigInt(-power), n ** BigInt(-power)) : { n: n ** BigInt(power), d: d ** BigInt(power) };

export const tenTo = (power) => raised(ratio(10n), power);

// How many binary digits a whole number has.
export function bitsOf(whole) {
  const digits = sizeOf(whole).toString(16);
  return whole ? 4 * digits.length + 28 - Math.clz32(parseInt(digits[0], 16)) : 0;
}

// The nearest whole number that is not above a fraction of two.
export const floorOf = (n, d) => (n < 0n && n % d ? n / d - 1n : n / d);

// As floating point has it, or one next to that.
export function asFloat({ n, d }) {
  const shift = bitsOf(d) - bitsOf(n) + 64;
  const whole = shift > 0 ? (n << BigInt(shift)) / d : n / (d << BigInt(-shift));
  // in two steps, since a power of two alone may be too small for floating point
  return Number(whole) * 2 ** -Math.trunc(shift / 2) * 2 ** -(shift - Math.trunc(shift / 2));
}

// A finite number of floating point, exactly.
export function fromFloat(x) {
  let shift = 0;
  while (!Number.isInteger(x)) [x, shift] = [x * 2, shift + 1];
  return ratio(BigInt(x), 1n << BigInt(shift));
}
