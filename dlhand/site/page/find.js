// A search over all chapters: which of their sections have all the words that are looked for.

const MOST_FOUND = 20;
const AROUND = 70; // characters that are shown before a word
const SHOWN = 180; // and in all

const simple = (text) => text.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");

// `sections` are [address, chapter, heading, text]. Best come first: words in the heading, then in the
// name of the chapter, then how early they come in the text.
export function foundIn(sections, search) {
  const words = simple(search).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const ranked = sections.flatMap(([address, chapter, heading, text]) => {
    const fields = [heading, chapter, text].map(simple);
    if (!words.every((word) => fields.some((field) => field.includes(word)))) return [];
    const rank = words.reduce((sum, word) => sum + fields.findIndex((field) => field.includes(word)), 0);
    return [{ address, chapter, heading, excerpt: excerptOf(text, words), rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, MOST_FOUND);
}

// The text around the first of the words that it has.
function excerptOf(text, words) {
  const plain = text.toLowerCase();
  const at = Math.min(...words.map((word) => plain.indexOf(word)).filter((k) => k >= 0), text.length);
  const from = at === text.length ? 0 : Math.max(0, text.lastIndexOf(" ", Math.max(0, at - AROUND)) + 1);
  return `${from ? "… " : ""}${text.slice(from, from + SHOWN)}${from + SHOWN < text.length ? " …" : ""}`;
}
