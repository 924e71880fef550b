// What `difference` of dlhand/site/travel.py has made, put together again.

export function merged(base, change) {
  if (change === 0) return base;
  if (typeof change === "object" && "is" in change) return change.is;
  if (typeof base === "string") {
    const pieces = base.split(/(<[^>]*>)/);
    for (let k = 0; k < change.length; k += 2) pieces[change[k]] = change[k + 1];
    return pieces.join("");
  }
  if (Array.isArray(base)) return base.map((part, k) => merged(part, change[k]));
  return Object.fromEntries(Object.entries(base).map(([key, part]) => [key, merged(part, change[key])]));
}
