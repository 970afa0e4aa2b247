/** The form in which a piece is wished for, filled from what the server says is possible. */

import { Dial } from "./dial.js";
import { find, make } from "./element.js";
import { choice, field, number } from "./field.js";
import { dice, shape } from "./gauges.js";
import { Presets } from "./presets.js";
import { Seed } from "./seed.js";
import { layOut } from "./styles.js";

// Wishes that do not fit every mode, as audiogroove/wishes/table.py has them.
const ONLY_IN = {
  tempo: ["compose", "continue"],
  bars: ["compose", "continue"],
  range: ["vary", "accompany"],
  parts: ["compose", "accompany"],
  meter: ["compose"],
  form: ["compose"],
};
const LABELS = { compose: "Compose", continue: "Continue", vary: "Vary", accompany: "Add" };

export class Wishes {
  #form = find("wishes");
  #dials;
  #presets;
  #players;

  /**
   * @param {import("./api.js").Options} options
   * @param {(request: import("./api.js").Request, seed: File | null) => void} onWish
   */
  constructor(options, onWish) {
    layOut(find("styles"), options.styles);
    const [long, fast] = shape(options).map((gauge) => new Dial(gauge));
    const daring = dice(options).map((gauge) => new Dial(gauge));
    this.#dials = [long, fast, ...daring];
    this.#presets = new Presets(options, daring);
    this.#players = new Players(options.instruments);
    find("fields").append(...fields(options, long, fast, this.#presets, this.#players));
    find("daring").append(...daring.map((dial) => dial.element));
    this.seed = new Seed(options.seed_bytes, () => this.#fit());
    this.#form.addEventListener("change", () => this.#fit());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onWish(this.request(), this.seed.file);
    });
    this.#fit();
  }

  /** What is wished now. */
  request() {
    const mode = this.#mode();
    /** @type {Record<string, string>} */
    const wishes = {};
    for (const [name, value] of new FormData(this.#form)) {
      if (name !== "mode" && typeof value === "string" && value.trim()) wishes[name] = value.trim();
    }
    for (const dial of this.#dials) {
      if (dial.value !== null) wishes[dial.name] = String(dial.value);
    }
    if (this.#players.chosen.length) wishes.parts = this.#players.chosen.join(",");
    for (const name of Object.keys(wishes)) {
      if (!fits(name, mode)) delete wishes[name];
    }
    const text = find("words").value.trim();
    return { mode, wishes, ...(text && { text }) };
  }

  /**
   * Write wishes into the line for free words, to be changed there.
   *
   * @param {string} recipe
   */
  write(recipe) {
    this.#form.reset();
    this.seed.clear();
    for (const dial of this.#dials) dial.clear();
    this.#presets.rest();
    this.#players.clear();
    this.#form.scrollIntoView({ block: "start" });
    const words = find("words");
    words.value = recipe;
    words.focus();
  }

  /**
   * Mark what the server would not have, and bring it into view.
   *
   * @param {string | undefined} field
   */
  mark(field) {
    for (const marked of this.#form.querySelectorAll("[aria-invalid]")) {
      marked.removeAttribute("aria-invalid");
    }
    if (!field) return;
    const home = this.#form.querySelector(`[data-wish="${CSS.escape(field)}"]`);
    const control = home?.querySelector("input, select, textarea");
    if (!control || home.hidden) return;
    for (let fold = home.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    control.setAttribute("aria-invalid", "true");
    control.focus();
  }

  #mode() {
    return this.seed.file ? new FormData(this.#form).get("mode") : "compose";
  }

  /** Show what can be wished in this mode, and nothing else. */
  #fit() {
    const mode = this.#mode();
    for (const field of this.#form.querySelectorAll("[data-wish]")) {
      field.hidden = !fits(field.dataset.wish, mode);
    }
    find("go").textContent = LABELS[mode];
    if (mode === "vary" || mode === "accompany") find("yours").open = true; // what is needed is in there
  }
}

function fits(name, mode) {
  return ONLY_IN[name]?.includes(mode) ?? true;
}

/** Who plays: instruments, one after the other. */
class Players {
  chosen = [];
  #list = make("div", { class: "chips" });

  constructor(instruments) {
    const select = choice("players", "Add an instrument…", instruments);
    select.removeAttribute("name");
    select.addEventListener("change", () => {
      if (select.value) this.#add(select.value);
      select.value = "";
    });
    this.element = field("parts", "Who plays", select, this.#list);
  }

  clear() {
    this.chosen = [];
    this.#list.replaceChildren();
  }

  #add(name) {
    this.chosen.push(name);
    const attributes = { type: "button", class: "chip", "aria-label": `Remove ${name}` };
    const chip = make("button", attributes, name, make("span", { "aria-hidden": true }, "×"));
    chip.addEventListener("click", () => {
      this.chosen.splice([...this.#list.children].indexOf(chip), 1);
      chip.remove();
      this.element.querySelector("select").focus();
    });
    this.#list.append(chip);
  }
}

function fields({ keys, meters, densities, forms }, long, fast, presets, players) {
  const strict = make("input", { type: "checkbox", name: "strict_key", value: "yes" });
  const checked = { class: "check", "data-wish": "strict_key" };
  const isStrict = make("label", checked, strict, "No note outside it");
  return [
    field("range", "Which bars", number("range", "5-8")),
    long.element,
    fast.element,
    field("key", "Key", choice("key", "Any key", keys), isStrict),
    field("meter", "Meter", choice("meter", "As the style has it", meters)),
    field("density", "How busy", choice("density", "As the style has it", densities)),
    presets.element,
    field("form", "Form", choice("form", "Free", forms)),
    players.element,
    field("seed", "Number of the dice", number("seed", "any")),
  ];
}
