// Reads a JSON list of LaTeX from standard input; prints a JSON list: null where KaTeX takes it, else why not.
const katex = require("katex");

// A letter that KaTeX has no shape for comes from the page's own font; all else is an error.
const UNKNOWN = ["unknownSymbol", "symbolNotInFont"];
const strict = (code) => (UNKNOWN.includes(code) ? "ignore" : "error");

const why = (source) => {
  try {
    katex.renderToString(source, { displayMode: true, throwOnError: true, strict });
    return null;
  } catch (error) {
    return error.message;
  }
};

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const sources = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  console.log(JSON.stringify(sources.map(why)));
});
