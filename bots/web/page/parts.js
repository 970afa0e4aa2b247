/** Who plays in the picture: parts that can be hidden, and the players that it is coloured by. */

import { find, make } from "./element.js";

/**
 * List the parts of a piece, all of them shown.
 *
 * @param {import("./api.js").Piece} piece
 * @param {(part: number, isShown: boolean) => void} onToggle
 */
export function introduce({ parts, credits }, onToggle) {
  find("parts").replaceChildren(...parts.map((part, at) => {
    // Where players have their colours, a part has one only if it is all theirs.
    const isColoured = !credits.length || credits.some(({ colour }) => colour === part.colour);
    const swatches = isColoured ? [swatch(part.colour)] : [];
    const attributes = { type: "button", class: "chip", "aria-pressed": "true" };
    const chip = make("button", attributes, ...swatches, part.name || part.instrument);
    chip.addEventListener("click", () => {
      const isShown = chip.getAttribute("aria-pressed") === "false";
      chip.setAttribute("aria-pressed", String(isShown));
      onToggle(at, isShown);
    });
    return chip;
  }));
}

/**
 * List the players of a piece that several people made.
 *
 * @param {import("./api.js").Credit[]} credits
 */
export function credit(credits) {
  const players = new Map(credits.map(({ player, colour }) => [player, colour]));
  find("players").hidden = players.size === 0;
  find("players").replaceChildren(
    ...Array.from(players, ([player, colour]) => make("li", {}, swatch(colour), player)),
  );
}

/**
 * @param {string | null} colour none is a hollow one
 * @returns {HTMLElement}
 */
export function swatch(colour) {
  const made = make("span", { class: colour ? "swatch" : "swatch hollow" });
  made.style.backgroundColor = colour ?? "";
  return made;
}
