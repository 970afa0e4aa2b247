/** Who plays in a jam, and what they have played. */

import { make } from "./element.js";
import { swatch } from "./parts.js";

const KINDS = { played: "", stood_in: "composed while away", brought: "own file" };

/**
 * Show the players, in the order of their turns.
 *
 * @param {HTMLElement} list
 * @param {import("./attending.js").Jam} jam
 */
export function seat(list, { players, turn }) {
  list.replaceChildren(...players.map((player) => {
    const name = make("strong", {}, player.name);
    name.style.color = player.colour ?? "";
    const told = [
      player.part,
      player.is_host && "host",
      player.is_away && "away",
      player.has_left && "has left",
    ].filter(Boolean);
    const words = told.length ? [make("span", { class: "hint" }, told.join(" · "))] : [];
    const isOn = turn?.player === player.name;
    const isOff = player.is_away || player.has_left;
    const look = { class: isOff ? "off" : null, "aria-current": isOn ? "true" : null };
    return make("li", look, swatch(player.colour), make("span", {}, name, ...words));
  }));
}

/**
 * Show the takes; pressed, each is heard.
 *
 * @param {HTMLElement} list
 * @param {import("./attending.js").Jam} jam
 * @param {(bar: number) => void} onHear
 */
export function stack(list, { players, take: judged, takes }, onHear) {
  const colours = new Map(players.map(({ name, colour }) => [name, colour]));
  const all = judged ? [...takes, judged] : takes;
  list.replaceChildren(...all.map((take) => {
    const what = take.part ?? range(take);
    const notes = [what, KINDS[take.kind], take === judged && "not yet kept"];
    const hint = make("span", { class: "hint" }, notes.filter(Boolean).join(" · "));
    const look = { type: "button", class: take === judged ? "take judged" : "take" };
    const words = make("span", {}, make("strong", {}, take.player), hint);
    const button = make("button", look, swatch(colours.get(take.player) ?? null), words);
    button.addEventListener("click", () => onHear(take.first_bar));
    return make("li", {}, button);
  }));
}

function range({ first_bar, past_bar }) {
  const [first, last] = [first_bar + 1, past_bar];
  return first === last ? `bar ${first}` : `bars ${first}–${last}`;
}
