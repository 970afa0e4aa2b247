/**
 * A slider for a wish that may be left open: it says in words what it does, and "as usual" until
 * it is moved.
 *
 * @typedef {object} Gauge
 * @property {string} name of the wish
 * @property {string} label
 * @property {number[]} stops the values it can take, from left to right
 * @property {number} usual where the thumb rests while nothing is wished
 * @property {string} open what it says while nothing is wished
 * @property {[string, string]} ends words for its two ends
 * @property {(value: number) => string} say
 * @property {string} [about] one sentence on what it does
 */

import { make } from "./element.js";

export class Dial {
  #gauge;
  #input;
  #said;
  #reset;
  #isOpen = true;
  #rest = null;

  /** @param {Gauge} gauge */
  constructor(gauge) {
    const { name, label, stops, about, ends } = gauge;
    const id = `dial-${name}`;
    this.name = name;
    this.#gauge = gauge;
    const described = about ? `${id}-about` : null;
    const range = { type: "range", min: 0, max: stops.length - 1, step: 1 };
    this.#input = make("input", { id, ...range, "aria-describedby": described });
    this.#said = make("span", { class: "dial-said", "aria-hidden": true }); // the input says it, too
    const usual = `${label}: as usual`;
    this.#reset = make("button", { type: "button", class: "quiet reset", "aria-label": usual }, "×");
    this.element = make(
      "div", { class: "field dial", "data-wish": name },
      make("div", { class: "dial-head" }, make("label", { for: id }, label), this.#said, this.#reset),
      this.#input,
      make("div", { class: "ends", "aria-hidden": true }, ...ends.map((end) => make("span", {}, end))),
      ...(about ? [make("p", { class: "hint", id: described }, about)] : []),
    );
    this.#input.addEventListener("input", () => this.#show(false));
    this.#reset.addEventListener("click", () => {
      this.clear();
      this.#input.focus();
    });
    this.clear();
  }

  /** What is wished, or null. */
  get value() {
    return this.#isOpen ? null : this.#gauge.stops[Number(this.#input.value)];
  }

  /** Wish nothing. */
  clear() {
    const { stops, usual } = this.#gauge;
    this.#input.value = nearest(stops, this.#rest ?? usual);
    this.#show(true);
  }

  /**
   * Rest where another wish puts it, while nothing is wished here.
   *
   * @param {number | null} value or as usual
   */
  restAt(value) {
    this.#rest = value;
    if (this.#isOpen) this.clear();
  }

  #show(isOpen) {
    this.#isOpen = isOpen;
    const { stops, open, say } = this.#gauge;
    const at = Number(this.#input.value);
    const resting = this.#rest === null ? open : say(this.#rest);
    const said = isOpen ? resting : say(stops[at]);
    this.#said.textContent = said;
    this.#input.setAttribute("aria-valuetext", said);
    this.#input.style.setProperty("--done", `${(100 * at) / (stops.length - 1)}%`);
    this.#reset.hidden = isOpen;
    this.element.classList.toggle("open", isOpen);
    this.element.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function nearest(stops, value) {
  const distance = (at) => Math.abs(stops[at] - value);
  return stops.reduce((best, _, at) => (distance(at) < distance(best) ? at : best), 0);
}

/**
 * Evenly spaced stops, both ends included.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} step
 * @returns {number[]}
 */
export function even(low, high, step) {
  const count = Math.floor((high - low) / step + 1e-9);
  const stops = Array.from({ length: count + 1 }, (_, at) => Number((low + at * step).toFixed(4)));
  return stops[count] < high ? [...stops, high] : stops;
}
