/**
 * The server, as functions. Whatever goes wrong becomes a `Refused` with a sentence to show.
 *
 * @typedef {{name: string, label: string, about?: string, tempo_bpm: number, parts: string[]}} Style
 * @typedef {{min: number, max: number, usual?: number}} Range
 * @typedef {{
 *   name: string, about: string,
 *   temperature: number, rhythm_temperature: number, top_k: number, top_p: number, min_p: number
 * }} Preset
 * @typedef {{
 *   model: string, styles: Style[], keys: string[], meters: string[], instruments: string[],
 *   densities: string[], forms: string[], presets: Preset[], bars: Range, tempo: Range,
 *   temperature: Range, rhythm_temperature: Range, top_k: Range, top_p: Range, min_p: Range,
 *   seed_bytes: number, can: {sound: boolean, video: boolean}
 * }} Options
 * @typedef {{name: string, instrument: string, is_drums: boolean, notes: number, colour: string}} Part
 * @typedef {{
 *   title: string, facts: string, about: string, mode: string, bars: number, duration_s: number,
 *   is_mine: boolean, recipe: string | null, parts: Part[], bar_steps: number[],
 *   timing: [number, number][], credits: Credit[], sound: Stretch,
 *   files: {name: string, url: string, type: string}[]
 * }} Piece
 * @typedef {{player: string, colour: string, first_bar: number, past_bar: number, part: number | null}} Credit
 * @typedef {{
 *   first_bar: number, past_bar: number, from_s: number, until_s: number, is_all: boolean
 * }} Stretch of a piece: what its sound plays
 * @typedef {{code: string, message: string, id?: string, field?: string}} Fault
 * @typedef {{
 *   id: string, state: "waiting" | "writing" | "done" | "failed" | "cancelled",
 *   ahead: number | null, bars: number, total: number, error: Fault | null,
 *   piece: Piece | null, link: string
 * }} Composition
 * @typedef {{mode: string, wishes?: Record<string, string>, text?: string, from?: string}} Request
 */

const COMPOSITIONS = "/api/compositions";

// Faults that the host may be asked about: there the number under which the log knows it helps.
const FOR_THE_HOST = ["broken", "lost", "rendering_failed", "store_failed"];
const OFFLINE = { code: "offline", message: "I cannot be reached just now; please try again soon." };
const BROKEN = { code: "broken", message: "Something went wrong on my side; please try again." };

/** What the server would not do, in its own words. */
export class Refused extends Error {
  /** @param {Fault} fault */
  constructor(fault) {
    const isOurs = fault.id && FOR_THE_HOST.includes(fault.code);
    super(isOurs ? `${fault.message} (${fault.id})` : fault.message);
    this.code = fault.code;
    this.field = fault.field;
  }
}

/**
 * Ask the server for something.
 *
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 * @throws {Refused}
 */
export async function ask(url, init) {
  let answer;
  try {
    answer = await fetch(url, init);
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") throw fault;
    throw new Refused(OFFLINE);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Refused(told?.error ?? BROKEN);
}

/** @returns {Promise<Options>} */
export async function options() {
  return (await ask("/api/options")).json();
}

/**
 * Ask for a composition; a seed goes along as a file.
 *
 * @param {Request} request
 * @param {File | null} [seed]
 * @returns {Promise<Composition>}
 */
export async function begin(request, seed = null) {
  const headers = new Headers({ "Idempotency-Key": key() });
  /** @type {string | FormData} */
  let body = JSON.stringify(request);
  if (seed) {
    const form = new FormData();
    form.append("request", body);
    form.append("seed", seed, seed.name);
    body = form;
  } else {
    headers.set("Content-Type", "application/json");
  }
  return (await ask(COMPOSITIONS, { method: "POST", headers, body })).json();
}

/**
 * @param {string} id
 * @returns {Promise<Composition>}
 */
export async function composition(id) {
  return (await ask(address(id))).json();
}

/**
 * Stop a composition that is under way, or delete one that is done.
 *
 * @param {string} id
 */
export async function remove(id) {
  await ask(address(id), { method: "DELETE" });
}

/**
 * @param {string} id
 * @returns {Promise<{pages: string[], pdf?: string, musicxml?: string}>}
 */
export async function score(id) {
  return (await ask(`${address(id)}/score`)).json();
}

/** Forget everything of this visitor. */
export async function forget() {
  await ask("/api/me", { method: "DELETE" });
}

/**
 * @param {string} id
 * @returns {string}
 */
export function address(id) {
  return `${COMPOSITIONS}/${encodeURIComponent(id)}`;
}

/** A key that no other request has; `crypto.randomUUID` is missing where there is no https. */
function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
