/**
 * A jam as it goes on: told by the server as it happens.
 *
 * @typedef {{
 *   name: string, part: string | null, colour: string | null,
 *   is_host: boolean, is_away: boolean, has_left: boolean
 * }} Player
 * @typedef {{player: string, number: number, round: number, rounds: number | null, is_stand_in: boolean}} Turn
 * @typedef {{
 *   player: string, kind: "played" | "stood_in" | "brought", part: string | null,
 *   first_bar: number, past_bar: number
 * }} Take
 * @typedef {{
 *   id: string, title: string, facts: string, way: "sections" | "parts", now_s: number,
 *   phase: "lobby" | "turn" | "taking" | "hearing" | "voting" | "finished" | "expired" | "cancelled",
 *   deadline_s: number | null, players: Player[], turn: Turn | null,
 *   written: {bars: number, total: number} | null, votes: {yes: number, no: number} | null,
 *   take: Take | null, takes: Take[],
 *   piece: import("./api.js").Piece | null, piece_id: string | null
 * }} Jam
 */

import { ask } from "./api.js";

const JAMS = "/api/jams";
const GONE = ["gone", "not_found"];
const PAUSE_MS = 3000;

/**
 * Follow a jam until it is over.
 *
 * @param {string} id
 * @param {(jam: Jam) => void} onChange
 * @param {() => void} onLost when the server cannot be reached; it is asked again and again
 * @param {(why: string) => void} onGone when there is no such jam
 */
export async function attend(id, onChange, onLost, onGone) {
  const again = () => {
    onLost();
    setTimeout(() => attend(id, onChange, onLost, onGone), PAUSE_MS);
  };
  try {
    const jam = await (await ask(`${JAMS}/${encodeURIComponent(id)}`)).json();
    onChange(jam);
    if (jam.deadline_s !== null) listen(id, onChange, onLost, again);
  } catch (fault) {
    if (GONE.includes(fault.code)) onGone(fault.message);
    else again();
  }
}

function listen(id, onChange, onLost, again) {
  const stream = new EventSource(`${JAMS}/${encodeURIComponent(id)}/events`);
  stream.addEventListener("jam", (event) => onChange(JSON.parse(event.data)));
  stream.addEventListener("over", (event) => {
    stream.close();
    onChange(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) again();
    else onLost(); // it tries again by itself
  });
}
