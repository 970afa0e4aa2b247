/** Sound and its controls. The sound's own clock is the only one there is. */

import { find, make } from "./element.js";
import { tell } from "./notice.js";
import { clock } from "./timeline.js";

const PREFERRED = ["audio/mpeg", "audio/ogg"]; // the sooner made first: the chats get it, too
const ROUNDING_S = 0.001; // a sound put at 16 s says that it is at 15.999999
const STILL_THERE_S = 0.5; // so long after a bar line one is still at it
const TAKES_KEYS = "input, select, textarea, dialog";
const TAKES_SPACE = "button, a, summary";

export class Player {
  #audio = /** @type {HTMLAudioElement | null} */ (null);
  #timeline;
  /** @type {[import("./api.js").Piece, import("./timeline.js").Timeline] | null} */
  #later = null; // what the piece has become, while it still plays as it was
  #onMove;
  #onLate;
  #frame = 0;
  #play = find("play");
  #position = find("position");

  /**
   * @param {(second: number, isPlaying: boolean) => void} onMove
   * @param {(isLate: boolean) => void} [onLate] whether the piece has become another, unheard one
   */
  constructor(onMove, onLate = () => {}) {
    this.#onMove = onMove;
    this.#onLate = onLate;
    this.#play.addEventListener("click", () => this.toggle());
    this.#position.addEventListener("input", () => this.seek(Number(this.#position.value)));
    addEventListener("keydown", (event) => this.#press(event));
  }

  /**
   * Make ready to play a piece.
   *
   * @param {import("./api.js").Piece} piece
   * @param {import("./timeline.js").Timeline} timeline
   */
  load(piece, timeline) {
    this.stop();
    this.#timeline = timeline;
    const sounds = PREFERRED.flatMap((type) => piece.files.filter((file) => file.type.startsWith(type)));
    find("transport").hidden = sounds.length === 0;
    find("no-sound").hidden = sounds.length > 0;
    this.#position.min = String(timeline.heard.from_s);
    this.#position.max = String(timeline.heard.until_s);
    find("heard").hidden = timeline.heard.is_all || sounds.length === 0;
    find("heard").textContent = `The sound plays ${barsOf(timeline)}.`;
    if (sounds.length) this.#open(sounds);
    this.#move();
  }

  /**
   * Go over to what has become of the piece, at the same moment; what plays is not interrupted.
   *
   * @param {import("./api.js").Piece} piece
   * @param {import("./timeline.js").Timeline} timeline
   */
  follow(piece, timeline) {
    this.#later = [piece, timeline];
    if (this.#audio?.paused ?? true) this.catchUp();
    else this.#onLate(true);
  }

  /** Go over to it now; who has heard all that there was goes on with what is new. */
  catchUp() {
    if (!this.#later) return;
    const [piece, timeline] = this.#later;
    const { paused = true, ended = false } = this.#audio ?? {};
    const second = this.#timeline ? this.#second : 0;
    const isMore = timeline.heard.until_s > second + ROUNDING_S;
    this.load(piece, timeline);
    this.seek(isMore ? second : 0);
    if (!paused || (ended && isMore)) this.toggle();
  }

  /** Fall silent, and let the sound go. */
  stop() {
    this.#later = null;
    this.#onLate(false);
    cancelAnimationFrame(this.#frame);
    this.#audio?.pause();
    this.#audio?.remove();
    this.#audio = null;
    this.#look(false);
  }

  toggle() {
    const audio = this.#audio;
    if (!audio) return;
    if (!audio.paused) audio.pause();
    else audio.play().catch((fault) => fault.name === "AbortError" || this.#mute());
  }

  /**
   * Go to a second of the piece, or as near as the sound comes to it.
   *
   * @param {number} second
   */
  seek(second) {
    if (!this.#audio) return;
    this.#audio.currentTime = this.#timeline.within(second) - this.#timeline.heard.from_s;
    this.#move();
  }

  /**
   * Go a bar on (1) or back (-1); from within a bar, back is first to its beginning.
   *
   * @param {1 | -1} way
   */
  skip(way) {
    if (!this.#audio) return;
    const second = this.#second;
    const bar = this.#timeline.barAt(this.#timeline.stepAt(second));
    const begins = (one) => this.#timeline.secondAt(this.#timeline.stepOf(one));
    const isWithin = second - begins(bar) > STILL_THERE_S;
    this.seek(begins(way < 0 && isWithin ? bar : bar + way));
  }

  #open(sounds) {
    const audio = make("audio", { id: "sound", preload: "auto" });
    const sources = sounds.map(({ url, type }) => make("source", { src: url, type }));
    sources[sources.length - 1].addEventListener("error", () => this.#mute());
    audio.append(...sources);
    audio.addEventListener("play", () => this.#run());
    for (const event of ["pause", "ended", "seeked", "loadedmetadata"]) {
      audio.addEventListener(event, () => this.#move());
    }
    audio.addEventListener("pause", () => audio === this.#audio && this.catchUp());
    for (const event of ["waiting", "playing", "pause"]) {
      audio.addEventListener(event, () => this.#play.classList.toggle("waits", event === "waiting"));
    }
    this.#audio = audio;
    find("transport").append(audio);
  }

  #mute() {
    find("transport").hidden = true;
    tell("I cannot make the sound of this piece; its MIDI file has every note.");
  }

  #run() {
    this.#move();
    if (this.#audio && !this.#audio.paused) this.#frame = requestAnimationFrame(() => this.#run());
  }

  /** At which second of the piece the sound is. */
  get #second() {
    const played = (this.#audio?.currentTime ?? 0) + ROUNDING_S;
    return this.#timeline.within(this.#timeline.heard.from_s + played);
  }

  /** Show where the sound is. */
  #move() {
    const second = this.#second;
    const isPlaying = this.#audio !== null && !this.#audio.paused;
    const { from_s, until_s: total } = this.#timeline.heard;
    this.#position.value = String(second);
    const done = (second - from_s) / (total - from_s || 1);
    this.#position.style.setProperty("--done", `${100 * done}%`);
    const bar = this.#timeline.barAt(this.#timeline.stepAt(second)) + 1;
    this.#position.setAttribute("aria-valuetext", `${clock(second)} of ${clock(total)}, bar ${bar}`);
    find("clock").textContent = `${clock(second)} / ${clock(total)}`;
    this.#look(isPlaying);
    this.#onMove(second, isPlaying);
  }

  #look(isPlaying) {
    this.#play.classList.toggle("playing", isPlaying);
    this.#play.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  }

  /** Space and arrows, wherever they mean nothing else. */
  #press(event) {
    if (!this.#audio || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const skips = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const isOurs = event.target === this.#position;
    const isFree = (taken) => isOurs || !event.target.closest(taken);
    if (skips && isFree(TAKES_KEYS)) this.skip(skips);
    else if (event.key === " " && isFree(`${TAKES_KEYS}, ${TAKES_SPACE}`)) this.toggle();
    else return;
    event.preventDefault();
  }
}

function barsOf({ heard, bars }) {
  const [first, last] = [heard.first_bar + 1, heard.past_bar];
  return `${first === last ? `bar ${first}` : `bars ${first}–${last}`} of ${bars}`;
}
