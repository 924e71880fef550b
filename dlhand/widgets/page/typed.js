// What is typed into one box, as an entry of a list: no page is needed for it. What it means is
// for Python to say; here is only told apart what would be something else in a list.

const SIGN = "[-+−–]?";
const DECIMAL_COMMA = new RegExp(`^(${SIGN}\\d+),(\\d+(?:[eE]${SIGN}\\d+)?%?)$`);
const ONE_COMMA = new RegExp(`^${SIGN}[1-9]\\d{0,2},\\d{3}$`);
const GROUPS = new RegExp(`^${SIGN}[1-9]\\d{0,2}([ \\u00a0\\u2009\\u202f]\\d{3})+(\\.\\d*)?$`);
const OPENING = /^[^=≈]*[=≈]/; // as in z = 0.5

// Without characters that nobody sees, full-width ones in their usual form.
const plain = (text) => text.replace(/\p{Cf}/gu, "")
  .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
  .replace(OPENING, "").trim();

// What keeps a text from being one number, in words; "" for nothing.
export function complaint(text) {
  const typed = plain(text);
  if (!typed) return "nothing was typed here";
  if (ONE_COMMA.test(typed)) {
    const could = `${typed.replace(",", "")} or ${typed.replace(",", ".")}`;
    return `${typed} could be ${could}: type it without the comma, or with a point`;
  }
  if (GROUPS.test(typed)) {
    const parts = typed.split(/\s/);
    const could = `${parts.join("")}, or the ${parts.length} numbers ${parts.join(", ")}`;
    return `${typed} could be ${could}: type one number, without spaces in it`;
  }
  return /[,;[\]]/.test(typed.replace(DECIMAL_COMMA, "$1$2")) ? "one number goes here" : "";
}

// With a decimal point, and in parentheses where it has spaces, for these could begin a new entry.
export function entryOf(text) {
  const typed = plain(text).replace(DECIMAL_COMMA, "$1.$2");
  return /\s/.test(typed) ? `(${typed})` : typed;
}
