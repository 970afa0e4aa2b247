/** How freely it plays, in one word. */

import { choice, field } from "./field.js";

/** A list of the presets; the sliders of the dice follow it until they are moved. */
export class Presets {
  #presets;
  #dials;
  #select;

  /**
   * @param {import("./api.js").Options} options
   * @param {import("./dial.js").Dial[]} dials of the dice
   */
  constructor(options, dials) {
    const isUsual = (preset) => dials.every(({ name }) => preset[name] === options[name].usual);
    this.#presets = options.presets.filter((preset) => !isUsual(preset));
    this.#dials = dials;
    const open = options.presets.filter(isUsual).map(told)[0] ?? "As usual";
    const names = this.#presets.map(({ name }) => name);
    this.#select = choice("preset", open, names, this.#presets.map(told));
    this.#select.addEventListener("change", () => this.rest());
    this.element = field("preset", "Feel", this.#select);
  }

  /** Let the sliders that nobody moved rest where the chosen preset puts them. */
  rest() {
    const chosen = this.#presets.find(({ name }) => name === this.#select.value);
    for (const dial of this.#dials) dial.restAt(chosen?.[dial.name] ?? null);
  }
}

function told({ name, about }) {
  return `${name[0].toUpperCase()}${name.slice(1)}: ${about}`;
}
