// The pieces of a typed answer, with the brackets checked: dlhand/numbers/tokens.py in the page.

const MOST_DEPTH = 50; // brackets inside brackets, and dimensions
const LONGEST_PIECE = 20; // characters of the answer that are said again

const SIGN = "[-+−–]";
const DECIMAL = String.raw`(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)`;
const EXPONENT = `(?:[eE]${SIGN}?[0-9]+)`;
const NAME = String.raw`∂?[\p{L}\p{Nl}\p{No}_][\p{L}\p{N}_]*['′]*`;
const SPACE = String.raw`[\s\x1c-\x1f\x85]`;
const VULGAR = {
  "¼": [1, 4], "½": [1, 2], "¾": [3, 4], "⅐": [1, 7], "⅑": [1, 9], "⅒": [1, 10], "⅓": [1, 3], "⅔": [2, 3],
  "⅕": [1, 5], "⅖": [2, 5], "⅗": [3, 5], "⅘": [4, 5], "⅙": [1, 6], "⅚": [5, 6], "⅛": [1, 8], "⅜": [3, 8],
  "⅝": [5, 8], "⅞": [7, 8],
};
export const vulgarOf = (character) => VULGAR[character];

const pattern = (source) => new RegExp(source, "uy");
const OPENING = pattern(`${SPACE}*(?:${NAME}(?:/${NAME})?${SPACE}*)?[=≈]`);
const WORD = pattern(NAME);
const NAMED = pattern(`√|${NAME}`);
const BLANK = pattern(SPACE);
const DECIMAL_COMMA = pattern(`(${SPACE}*${SIGN}?[0-9]+),([0-9]+${EXPONENT}?%?${SPACE}*)$`);
const PLAIN_LIST = pattern(`${SIGN}?${DECIMAL}(?:,${SIGN}?${DECIMAL}){2,},?$`);
const THOUSANDS = pattern(String.raw`${SIGN}?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?$`);
const GROUP = `${SIGN}?[1-9][0-9]{0,2}`;
const ONE_COMMA = pattern(`${SPACE}*(${GROUP},[0-9]{3})${SPACE}*$`);
const GROUPS = pattern(String.raw`${SPACE}*(${GROUP}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]*)?)${SPACE}*$`);
const PAIR = pattern(`${SPACE}*${SIGN}?${DECIMAL},${SIGN}?${DECIMAL}${SPACE}*$`);
const TOKENS = [
  ["number", pattern(`${DECIMAL}${EXPONENT}?`)],
  ["vulgar", pattern(`[${Object.keys(VULGAR).join("")}]`)],
  ["raised", pattern("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")],
  ["mark", pattern(String.raw`\*\*|[-−–+*×·⋅/÷^%()[\],;]`)],
  ["name", NAMED],
];
const KIND = { "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "**": "^" };
export const CLOSER = { "(": ")", "[": "]" };
const SEPARATORS = [",", ";", "row"];
const OPERATORS = ["+", "-", "*", "/", "^"];

const FUNCTIONS = {
  sqrt: "sqrt", "√": "sqrt", exp: "exp", ln: "log", log: "log", sin: "sin", cos: "cos", tanh: "tanh",
  sigmoid: "sigmoid", "σ": "sigmoid",
};
const CONSTANTS = { pi: "pi", "π": "pi", e: "e" };
const WORDS = "sqrt, exp, ln, sin, cos, tanh, sigmoid, pi and e";
const LATEX = "LaTeX is not read, type numbers such as 0.5, 1/3 or [1, 2]";
const HTML = "HTML is not read, type numbers such as 0.5, 1/3 or [1, 2]";
const LISTS = "lists are typed in [ ] or ( )";
const EQUALS = "this sign is read only at the start or after a plain name at the start";
const REASON = {
  "\\": LATEX, $: LATEX, "<": HTML, ">": HTML, "&": HTML, "{": LISTS, "}": LISTS, "=": EQUALS, "≈": EQUALS,
};

// What is said of an answer that cannot be read.
export class Refusal extends Error {}

const has = (table, key) => Object.prototype.hasOwnProperty.call(table, key);
const long = (text) => [...text].length;

function matchAt(expression, text, start) {
  expression.lastIndex = start;
  return expression.exec(text);
}

// Of the piece from `start` to `end`; `reason` says what was wanted.
export function refusal(text, start, end, reason) {
  let piece = [...text.slice(start, end)].map((c) => (/[^\P{C}]|[^\P{Z} ]/u.test(c) ? "\ufffd" : c));
  if (piece.length > LONGEST_PIECE) piece = [...piece.slice(0, LONGEST_PIECE - 1), "…"];
  const place = piece.length ? `At character ${long(text.slice(0, start)) + 1}, '${piece.join("")}'` : "At the end";
  return new Refusal(`${place}: ${reason}.`);
}

export const plainSigns = (text) => {
  const known = "−–⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹";
  return [...text].map((c) => (known.includes(c) ? "--+-0123456789"[known.indexOf(c)] : c)).join("");
};

// Without characters that nobody sees, full-width ones in their usual form.
export const plain = (text) =>
  text.replace(/\p{Cf}/gu, "").replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

// What a word stands for: {function: name} or {constant: name}; undefined for another word.
export function wordOf(typed) {
  for (const name of [typed, long(typed) > 1 ? typed.toLowerCase() : typed]) {
    if (has(FUNCTIONS, name)) return { name, function: FUNCTIONS[name] };
    if (has(CONSTANTS, name)) return { name, constant: CONSTANTS[name] };
  }
}

// The text, a decimal comma in it turned into a point, and its tokens. `count` numbers are asked for.
export function tokensOf(text, count) {
  const start = matchAt(OPENING, text, 0)?.[0].length ?? 0;
  if (!text.slice(start).replace(new RegExp(SPACE, "gu"), "")) {
    throw new Refusal("Nothing was typed: type a number such as 0.5, or a list such as [1, 2].");
  }
  const isPair = count === 2 && matchAt(PAIR, text, start);
  if (!isPair) {
    refuseThousands(text, start, count);
    const comma = matchAt(DECIMAL_COMMA, text, start);
    if (comma) text = `${text.slice(0, start)}${comma[1]}.${comma[2]}`;
  }
  const tokens = structured(text, scanned(text, start));
  if (!isPair) refuseUnclearCommas(text, tokens);
  return [text, tokens];
}

function refuseThousands(text, start, count) {
  const one = matchAt(ONE_COMMA, text, start)?.[1];
  if (one) {
    throw new Refusal(`${one} could be ${one.replace(/,/g, "")} or ${one.replace(/,/g, ".")}: `
      + "type it without the comma, or with a point.");
  }
  const groups = count === 1 && matchAt(GROUPS, text, start)?.[1];
  if (!groups) return;
  const parts = groups.split(new RegExp(`${SPACE}+`, "u"));
  throw new Refusal(`${groups} could be ${parts.join("")}, or the ${parts.length} numbers ${parts.join(", ")}: `
    + "type one number, without spaces in it.");
}

function scanned(text, start) {
  const tokens = [];
  let [isSpaced, isLined] = [false, false];
  const add = (kind, from, end) => {
    tokens.push({ kind, start: from, end, isSpaced, isLined, isList: false });
    [isSpaced, isLined] = [false, false];
  };
  while (start < text.length) {
    if (matchAt(BLANK, text, start)) {
      isSpaced = true;
      isLined ||= "\r\n".includes(text[start]);
      start += 1;
      continue;
    }
    const [kind, found] = TOKENS.map(([kind, expression]) => [kind, matchAt(expression, text, start)?.[0]])
      .find(([, found]) => found) ?? [];
    if (!found || (kind === "name" && !wordOf(found))) throw unreadable(text, start);
    add(kind === "mark" ? KIND[found] ?? found : kind, start, start + found.length);
    start += found.length;
  }
  add("end", start, start);
  return tokens;
}

function unreadable(text, start) {
  const word = matchAt(WORD, text, start)?.[0];
  if (word) {
    const reason = `only numbers, + - * / ^ and ${WORDS} are read, no other names or units`;
    return refusal(text, start, start + word.length, reason);
  }
  const piece = [...text.slice(start)].slice(0, LONGEST_PIECE + 1).join("").split(new RegExp(SPACE, "u"))[0];
  const reason = REASON[text[start]] ?? "a number such as 0.5, 1/3 or [1, 2] was wanted";
  return refusal(text, start, start + piece.length, reason);
}

// Checks the brackets, marks those around lists, and marks the line ends that separate rows.
function structured(text, found) {
  const tokens = [];
  const opened = [];
  for (const token of found) {
    const { kind, start, end } = token;
    const last = tokens.at(-1)?.kind ?? "row";
    const goesOn = SEPARATORS.includes(last) || OPERATORS.includes(last) || [",", ";", "end"].includes(kind);
    if (token.isLined && !opened.length && !goesOn) {
      tokens.push({ kind: "row", start, end: start, isSpaced: false, isLined: false, isList: false });
    }
    if (kind in CLOSER) {
      token.isList = kind === "[";
      opened.push(token);
      if (opened.length > MOST_DEPTH) throw refusal(text, start, end, `brackets may be nested at most ${MOST_DEPTH} deep`);
    } else if (kind === ")" || kind === "]") close(text, opened, token);
    else if ((kind === "," || kind === ";") && opened.length) opened.at(-1).isList = true;
    tokens.push(token);
  }
  const open = opened.at(-1);
  if (open) throw refusal(text, open.start, open.end, `'${CLOSER[open.kind]}' is missing after this`);
  return tokens;
}

function close(text, opened, { kind, start, end }) {
  const opener = opened.pop();
  if (!opener) throw refusal(text, start, end, "no bracket is open here to be closed");
  if (kind === CLOSER[opener.kind]) return;
  const wanted = `'${CLOSER[opener.kind]}' was wanted for '${opener.kind}'`;
  throw refusal(text, start, end, `${wanted} of character ${long(text.slice(0, opener.start)) + 1}`);
}

// Refuses a comma outside brackets that a reader could take for a decimal comma.
function refuseUnclearCommas(text, tokens) {
  let [depth, row, unclear] = [0, 0, undefined];
  tokens.forEach(({ kind }, k) => {
    depth += (kind in CLOSER) - (kind === ")" || kind === "]");
    if (depth) return;
    if (kind === "," && isUnclear(text, tokens, k)) unclear ??= tokens[k];
    if (![";", "row", "end"].includes(kind)) return;
    if (unclear) refuseUnlessList(text, text.slice(tokens[row].start, tokens[k - 1].end), unclear);
    [row, unclear] = [k + 1, undefined];
  });
}

// Refuses a list that has so many entries too many, if its commas could be within numbers.
export function refuseUnclearEntries(text, tokens, surplus) {
  const textOf = ({ start, end }) => text.slice(start, end);
  const isBetween = (k) => {
    const [before, comma, after] = [tokens[k - 1], tokens[k], tokens[k + 1]];
    return before?.kind === "number" && comma.kind === "," && after?.kind === "number"
      && !comma.isSpaced && !after.isSpaced && [before, after].every((one) => /^\d+$/.test(textOf(one)));
  };
  const unclear = [...tokens.keys()].filter(isBetween);
  if (surplus <= 0 || surplus > unclear.length) return;
  const [left, right] = [tokens[unclear[0] - 1], tokens[unclear[0] + 1]].map(textOf);
  const before = tokens[unclear[0] - 2];
  const sign = before && ["+", "-"].includes(before.kind) ? text[tokens[unclear[0] - 1].start - 1] : "";
  throw couldBe(sign + left, right);
}

// What the digits on both sides of a comma could be, in a list.
function couldBe(left, right) {
  const could = matchAt(ONE_COMMA, `${left},${right}`, 0) ? [left + right] : [];
  could.push(`${left}.${right}`);
  return new Refusal(`${left},${right} could be ${could.join(", ")}, or the 2 numbers ${left} and ${right}: `
    + "type a point, or a space after a comma between numbers.");
}

// Whether this comma stands directly between digits that do not both have points.
function isUnclear(text, tokens, k) {
  const [before, comma, after] = [tokens[k - 1], tokens[k], tokens[k + 1]];
  if (before?.kind !== "number" || after.kind !== "number" || comma.isSpaced || after.isSpaced) return false;
  const [left, right] = [before, after].map(({ start, end }) => text.slice(start, end));
  return !left.endsWith(".") && !right.startsWith(".") && !(left.includes(".") && right.includes("."));
}

function refuseUnlessList(text, row, comma) {
  if (matchAt(ONE_COMMA, row, 0)) throw couldBe(...row.split(","));
  const isThousands = matchAt(THOUSANDS, row, 0);
  if (!isThousands && matchAt(PLAIN_LIST, row, 0)) return;
  const reason = isThousands
    ? "separators of thousands are not read, type 1234 or put spaces after the commas"
    : "this comma could be a decimal comma or separate entries, type a decimal point or a space after the comma";
  throw refusal(text, comma.start - 1, comma.end + 1, reason);
}
