// The mathematics font: asked for once by all players of a page.

const FAMILY = "dlhand Math";

// `ask` asks Python; the answer has the upright face and the italic one.
export function needFont(ask) {
  if (globalThis.dlhandFont) return;
  globalThis.dlhandFont = FAMILY;
  ask({ type: "font" }, (_, faces) => {
    faces.forEach((face, k) =>
      document.fonts.add(new FontFace(FAMILY, face, { style: k ? "italic" : "normal" })));
  }, () => delete globalThis.dlhandFont); // no kernel: another may ask
}
