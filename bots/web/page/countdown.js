/** How long something waits, by the server's clock: the one here may be off. */

import { clock } from "./timeline.js";

const HOUR_S = 3600;

export class Countdown {
  #element;
  #timer = 0;
  #ends = 0; // by performance.now(), ms

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /**
   * Count down from so many seconds, or show nothing.
   *
   * @param {number | null} seconds
   */
  start(seconds) {
    clearInterval(this.#timer);
    this.#element.hidden = seconds === null;
    if (seconds === null) return;
    this.#ends = performance.now() + 1000 * seconds;
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#show();
  }

  #show() {
    this.#element.textContent = left(Math.max(0, this.#ends - performance.now()) / 1000);
  }
}

function left(seconds) {
  if (seconds < HOUR_S) return clock(Math.round(seconds));
  return `${Math.floor(seconds / HOUR_S)} h ${Math.floor((seconds % HOUR_S) / 60)} min`;
}
