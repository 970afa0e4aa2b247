/** Styles as cards to choose one from; each wears a little roll of its own. */

import { draw, make } from "./element.js";

const ROWS = 6; // of a card's little roll
const BEATS = 12;
const VOICES = { least: 2, most: 5 };

/**
 * Lay out a card for each style, the first for none.
 *
 * @param {HTMLElement} home
 * @param {import("./api.js").Style[]} styles
 */
export function layOut(home, styles) {
  const any = { name: "", label: "Surprise me", parts: ["any style"], about: "I choose the style" };
  home.replaceChildren(...[any, ...styles].map(card));
}

function card({ name, label, about, parts }) {
  const players = parts.length > 1 ? `${parts.length} parts` : (parts[0] ?? "");
  return make(
    "label", { class: "style", title: about },
    make("input", { type: "radio", name: "style", value: name, checked: name === "" }),
    emblem(name, Math.min(Math.max(parts.length, VOICES.least), VOICES.most)),
    make(
      "span", { class: "style-words" },
      make("span", { class: "style-name" }, label),
      make("span", { class: "style-meta" }, players),
    ),
  );
}

/** A few notes for each part, always the same for a style. */
function emblem(name, voices) {
  let luck = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65521, 7);
  const next = (below) => {
    luck = (luck * 75 + 74) % 65537;
    return luck % below;
  };
  const notes = [];
  const room = ROWS / voices; // rows of a voice
  for (let voice = 0; voice < voices; voice += 1) {
    for (let x = next(2); x < BEATS; ) {
      const long = Math.min(1 + next(3), BEATS - x);
      const row = Math.floor(voice * room + next(Math.ceil(room)));
      const box = { x: x * 3, y: row * 4, width: long * 3 - 0.8, height: 2.6, rx: 1.3 };
      notes.push(draw("rect", { ...box, class: `voice-${voice}` }));
      x += long + (next(4) === 0 ? 1 : 0);
    }
  }
  return draw("svg", { viewBox: "0 0 36 24", class: "emblem", "aria-hidden": "true" }, ...notes);
}
