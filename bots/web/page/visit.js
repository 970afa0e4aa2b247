/** The pieces of this visitor, remembered by the browser alone. */

import { find, make } from "./element.js";

const SHELF = "audiogroove.pieces";
const MAX_PIECES = 12;

/** @typedef {{id: string, link: string, title: string, facts: string}} Keepsake */

/** @param {Keepsake} piece */
export function remember(piece) {
  keep([piece, ...kept().filter(({ id }) => id !== piece.id)].slice(0, MAX_PIECES));
}

/** @param {string} lost the id of a piece that is gone */
export function drop(lost) {
  keep(kept().filter(({ id }) => id !== lost));
}

/** Forget them all. */
export function empty() {
  keep([]);
}

/**
 * List them.
 *
 * @param {string} [current] the id of the piece that is shown, which needs no link
 */
export function list(current) {
  const others = kept().filter(({ id }) => id !== current);
  find("visit").hidden = others.length === 0;
  const links = others.map(({ link, title, facts }) => {
    const told = make("span", { class: "hint" }, facts);
    return make("li", {}, make("a", { href: link }, make("strong", {}, title), told));
  });
  find("visit-list").replaceChildren(...links);
}

/** @returns {Keepsake[]} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(SHELF) ?? "[]");
  } catch {
    return []; // no storage, or not ours
  }
}

function keep(pieces) {
  try {
    localStorage.setItem(SHELF, JSON.stringify(pieces));
  } catch {
    // Private windows may refuse; then nothing is remembered.
  }
}
