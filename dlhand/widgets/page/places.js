// A drawing whose texts alone follow a slider: they are put into their places in what is drawn
// already, so that the browser draws no more than that anew.

import { put } from "./dom.js";

const PLACE = "·";

// The markup of a drawing with places in it, from what stands before each text and after the last.
export const withPlaces = (pieces) => pieces.join(PLACE);

// What puts texts into the places that are drawn below a node.
export function filler(node) {
  const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const places = [];
  while (walk.nextNode()) if (walk.currentNode.data === PLACE) places.push(walk.currentNode);
  return (texts) => texts.forEach((text, k) => put(places[k], text));
}
