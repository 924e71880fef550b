// Answers as a learner types them, read exactly: dlhand/numbers/typed.py in the page. Nothing typed
// is run. A number is a ratio, or an enclosure where it is not rational.

import {
  added, asEnclosure, cosine, divided, exactly, exponential, isEnclosure, logarithm, multiplied, opposite, pi, power,
  root, sigmoid, sine, subtracted, tanh, Undefined,
} from "./enclosure.js";
import { bitsOf, isEqual, minus, negative, ONE, over, plus, raised, ratio, tenTo, times } from "./rational.js";
import { CLOSER, plain, plainSigns, refusal, refuseUnclearEntries, tokensOf, vulgarOf, wordOf } from "./tokens.js";

const LONGEST_TEXT = 10000;
const MOST_POWER = 1000;
const MOST_BITS = 10000;
const MOST_DECIMALS = 3000;
const MOST_CLOSED = 40;
const MOST_FIGURES = 3100;
const MOST_AXES = 50;

const STARTS = ["number", "vulgar", "name"]; // kinds of tokens with which a number starts
const OF_ONE = { sqrt: root, exp: exponential, log: logarithm, sin: sine, cos: cosine, tanh, sigmoid };
const OF_TWO = { "+": added, "-": subtracted, "*": multiplied, "/": divided };
const ON_RATIOS = { "+": plus, "-": minus, "*": times, "/": over };

// {value, places, shape}: `value` and `places` are nested lists for a shape other than [].
// Throws a `Refusal`, whose message says what was wanted.
export function parsed(typed, count) {
  if ([...typed].length > LONGEST_TEXT) {
    throw refusal(typed, LONGEST_TEXT, typed.length, `at most ${LONGEST_TEXT} characters are read`);
  }
  const [text, tokens] = tokensOf(plain(typed), count);
  const { value, places, shape } = makeParser(text, tokens).answer();
  refuseUnclearEntries(text, tokens, shape.reduce((size, n) => size * n, 1) - count);
  if (shape.length > MOST_AXES) throw refusal(text, 0, text.length, `at most ${MOST_AXES} dimensions are read`);
  return { value, places, shape };
}

function makeParser(text, tokens) {
  let index = 0;
  let steps = 0; // on numbers that are not rational

  const token = () => tokens[index];
  const next = () => tokens[index++];
  const refused = ({ start, end }, reason) => refusal(text, start, end, reason);
  const operand = (at, value, places = null, shape = []) => ({ at, value, places, shape });

  function answer() {
    const rows = readRows("end");
    return rows.length === 1 && rows[0].length === 1 ? rows[0][0] : stackRows(rows);
  }

  function readRows(closer) {
    const rows = [readRow()];
    while ([";", "row"].includes(token().kind)) {
      next();
      rows.push(readRow());
    }
    expect(closer);
    return rows;
  }

  function expect(closer) {
    if (token().kind !== closer) {
      throw refused(token(), "an operator such as * or a separator such as a comma was wanted before this");
    }
    next();
  }

  // Entries separated by commas, or else by spaces.
  function readRow() {
    const entries = [readSum(true)];
    let separator = "";
    while (token().kind === "," || startsEntry()) {
      const found = token().kind === "," ? "comma" : "space";
      if (separator && separator !== found) {
        throw refused(token(), "entries are separated by commas or spaces, not both");
      }
      separator = found;
      if (found === "space" && token().isLined && !entries.at(-1).shape.length) {
        throw refused(token(), "inside brackets rows are separated by ';', not by lines");
      }
      if (found === "comma") next();
      entries.push(readSum(true));
    }
    return entries;
  }

  const startsEntry = () => token().isSpaced && ([...STARTS, "(", "["].includes(token().kind) || isSignOfEntry());
  const isSign = ({ kind }) => kind === "+" || kind === "-";

  // Whether this sign has a space before it and a number directly after it.
  function isSignOfEntry() {
    const after = tokens[index + 1];
    return isSign(token()) && token().isSpaced && STARTS.includes(after.kind) && !after.isSpaced;
  }

  function readSum(isListed) {
    let total;
    let pending = token();
    let term = readFactor();
    for (;;) {
      const operator = token();
      if (operator.kind === "*" || operator.kind === "/") {
        next();
        term = combine(term, operator, readFactor());
        continue;
      }
      if (total) term = combine(total, pending, term);
      if (!isSign(operator) || (isListed && isSignOfEntry())) return term;
      [total, pending] = [term, next()];
      term = readFactor();
    }
  }

  // A signed power; a chain of powers is worked out from the right.
  function readFactor() {
    const sign = readSign();
    const links = [];
    let base = readAtom();
    while (token().kind === "^") {
      if (tokens[index - 1].kind === "raised") {
        throw refused(token(), "parentheses were wanted around the power before");
      }
      links.push([base, next(), readSign()]);
      base = readAtom();
    }
    for (const [lower, operator, turn] of links.reverse()) base = toPower(lower, operator, turnedBy(base, turn));
    return turnedBy(base, sign);
  }

  // A sign that turns the number, if there is one.
  function readSign() {
    let turn;
    while (isSign(token())) {
      const sign = next();
      if (sign.kind === "-") turn = turn ? undefined : sign;
    }
    return turn;
  }

  function readAtom() {
    const first = next();
    let result;
    if (first.kind === "number") result = mixed(readNumber(first));
    else if (first.kind === "vulgar") result = readVulgar(first);
    else if (first.kind === "name") result = readName(first);
    else if (first.kind in CLOSER) result = readBracket(first);
    else throw refused(first, "a number was wanted here");
    if (token().kind === "%") result = percent(result, next());
    if (token().kind === "raised") {
      const operator = next();
      const exponent = smallInteger(operator, plainSigns(text.slice(operator.start, operator.end)));
      result = toPower(result, operator, operand(operator, ratio(BigInt(exponent)), 0));
    }
    return result;
  }

  // A whole number with the fraction of one character directly behind it: 1½ is 3/2.
  function mixed(whole) {
    if (token().kind !== "vulgar" || token().isSpaced || whole.places !== 0) return whole;
    return operand(whole.at, plus(whole.value, readVulgar(next()).value));
  }

  function readVulgar(at) {
    const [above, below] = vulgarOf(text[at.start]);
    return operand(at, ratio(BigInt(above), BigInt(below)));
  }

  function readName(at) {
    const word = wordOf(text.slice(at.start, at.end));
    if (word.constant === "pi") return operand(at, pi());
    if (word.constant) return Object.assign(operand(at, exponential(exactly(ONE))), { isE: true });
    const of = next();
    let inner;
    if (of.kind in CLOSER) inner = readBracket(of);
    else if (STARTS.includes(of.kind)) {
      inner = { number: readNumber, vulgar: readVulgar, name: readName }[of.kind](of);
      if (["^", "raised"].includes(token().kind)) {
        throw refused(token(), "parentheses were wanted around what the function is of");
      }
    } else throw refused(of, `a number was wanted after ${word.name}, such as ${word.name}(0.5)`);
    scalar(inner, at);
    return closed(at, OF_ONE[word.function], inner.value);
  }

  // Works out what need not be rational; where both ends are one number, it is that.
  function closed(at, work, ...values) {
    steps += 1;
    if (steps > MOST_CLOSED) {
      throw refused(at, `at most ${MOST_CLOSED} operations on roots and other functions are read`);
    }
    try {
      const found = work(...values.map(asEnclosure));
      return isEqual(found.low, found.high) ? sized(at, found.low) : operand(at, found);
    } catch (error) {
      if (!(error instanceof Undefined)) throw error;
      throw refused(at, error.message ? `this has no value (${error.message})` : "this has no value, or none that can be told");
    }
  }

  function readBracket(opener) {
    let result;
    if (opener.isList) result = stackRows(readRows(CLOSER[opener.kind]));
    else {
      result = readSum(false);
      expect(CLOSER[opener.kind]);
    }
    return { ...result, at: opener };
  }

  function stackRows(rows) {
    if (rows.length === 1) return stack(rows[0]);
    if (rows.every(({ length }) => length === 1)) return stack(rows.map(([entry]) => entry));
    return stack(rows.map(stack));
  }

  // One array of entries of one shape.
  function stack(entries) {
    const first = entries[0];
    entries.forEach(({ at, shape }, k) => {
      if (shape.join() !== first.shape.join()) throw refused(at, ragged(k + 1, shape, first.shape));
    });
    const [values, places] = [entries.map(({ value }) => value), entries.map((entry) => entry.places)];
    return operand(first.at, values, places, [entries.length, ...first.shape]);
  }

  function readNumber(at) {
    const [mantissa, exponent = ""] = plainSigns(text.slice(at.start, at.end)).toLowerCase().split("e");
    const [whole, decimals = ""] = mantissa.split(".");
    if (whole.length + decimals.length > MOST_FIGURES) {
      throw refused(at, `a number of at most ${MOST_FIGURES} digits was wanted`);
    }
    const shift = exponent ? smallInteger(at, exponent) : 0;
    const value = times(ratio(BigInt(whole + decimals)), tenTo(shift - decimals.length));
    return sized(at, value, decimals.length - shift);
  }

  function smallInteger(at, typed) {
    const figures = typed.replace(/^[+-]*0*/, "");
    if (figures.length > String(MOST_POWER).length || Number(figures) > MOST_POWER) {
      throw refused(at, `an exponent from -${MOST_POWER} to ${MOST_POWER} was wanted`);
    }
    return typed.startsWith("-") ? -Number(figures) : Number(figures);
  }

  function sized(at, value, places = null) {
    if (Math.max(bitsOf(value.n), bitsOf(value.d)) > MOST_BITS) {
      throw refused(at, `the result here is too large, beyond ${MOST_BITS} binary digits`);
    }
    if (places > MOST_DECIMALS) throw refused(at, `at most ${MOST_DECIMALS} decimal places were wanted`);
    return operand(at, value, places);
  }

  function scalar({ shape }, operator) {
    if (shape.length) throw refused(operator, "arithmetic was wanted between numbers, not with a list");
  }

  function turnedBy(one, turn) {
    if (!turn) return one;
    scalar(one, turn);
    return isEnclosure(one.value) ? closed(turn, opposite, one.value) : operand(turn, negative(one.value), one.places);
  }

  function percent(one, operator) {
    scalar(one, operator);
    const hundred = ratio(100n);
    if (isEnclosure(one.value)) return closed(operator, divided, one.value, hundred);
    return sized(operator, over(one.value, hundred), one.places === null ? null : one.places + 2);
  }

  function toPower(base, operator, exponent) {
    scalar(base, operator);
    scalar(exponent, operator);
    const [value, wanted] = [base.value, exponent.value];
    if (base.isE) return closed(operator, exponential, wanted);
    if (isEnclosure(wanted)) {
      const grown = closed(operator, logarithm, value).value;
      return closed(operator, exponential, closed(operator, multiplied, grown, wanted).value);
    }
    const limit = ratio(BigInt(MOST_POWER));
    if (minus(limit, wanted).n < 0n || plus(limit, wanted).n < 0n) {
      throw refused(operator, `an exponent from -${MOST_POWER} to ${MOST_POWER} was wanted`);
    }
    if (isEnclosure(value) || wanted.d !== 1n) return closed(operator, (a) => power(a, wanted), value);
    const count = Number(wanted.n);
    if (!value.n && count < 0) throw refused(operator, "zero has no negative power (division by zero)");
    const bits = Math.max(bitsOf(value.n), bitsOf(value.d));
    if ((bits - 1) * Math.abs(count) >= MOST_BITS) {
      throw refused(operator, `the result here is too large, beyond ${MOST_BITS} binary digits`);
    }
    const result = sized(operator, raised(value, count));
    const isTen = isEqual(value, ratio(10n)) && base.places === 0 && exponent.places === 0;
    return isTen ? { ...result, powerOfTen: count } : result;
  }

  function combine(left, operator, right) {
    scalar(left, operator);
    scalar(right, operator);
    const { kind } = operator;
    const [a, b] = [left.value, right.value];
    if (isEnclosure(a) || isEnclosure(b)) {
      if (kind === "/" && !isEnclosure(b) && !b.n) throw refused(operator, "division by zero has no value");
      return closed(operator, OF_TWO[kind], a, b);
    }
    if (kind === "/" && !b.n) throw refused(operator, "division by zero has no value");
    const places = kind === "*" && left.places !== null && right.powerOfTen !== undefined
      ? left.places - right.powerOfTen : null;
    return sized(operator, ON_RATIOS[kind](a, b), places);
  }

  return { answer };
}

// How the entry of this number differs from the first one.
function ragged(number, shape, first) {
  if (shape.length && first.length) {
    return `row ${number} has ${counted(shape)}, but row 1 has ${counted(first)}, and rows of equal shape were wanted`;
  }
  const [own, other] = shape.length ? ["list", "number"] : ["number", "list"];
  return `entry ${number} is a ${own} after a ${other}, and equal shapes were wanted`;
}

function counted(shape) {
  if (shape.length > 1) return `shape ${shape.join("×")}`;
  return `${shape[0]} ${shape[0] === 1 ? "entry" : "entries"}`;
}
