// Searching and sorting rows of texts: no page is needed for it.

const asNumber = (text) => (text.trim() ? Number(text.replace("\u2212", "-")) : NaN);

// Numbers by their size and before other texts; numbers within these by their size, too.
export function compare(one, other) {
  const [a, b] = [asNumber(one), asNumber(other)];
  if (!isNaN(a) && !isNaN(b)) return a - b;
  if (isNaN(a) !== isNaN(b)) return isNaN(a) ? 1 : -1;
  return one.localeCompare(other, "en", { numeric: true });
}

// Whether a row has all words of a search somewhere, in any case of letters.
export function matches(row, search) {
  const text = row.join("\n").toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

// The positions of the rows to be shown, in order. `by` is a column, or null for the order as it is.
export function ordered(rows, search, by, isDown) {
  const kept = [...rows.keys()].filter((k) => matches(rows[k], search));
  if (by === null) return kept;
  const sign = isDown ? -1 : 1;
  return kept.sort((j, k) => sign * compare(rows[j][by], rows[k][by]) || j - k);
}
