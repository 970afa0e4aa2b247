/** A piece on the page: to be heard, watched, read, taken along and built on. */

import { find, make } from "./element.js";
import { credit, introduce } from "./parts.js";
import { Player } from "./player.js";
import { Roll } from "./roll.js";
import { Score } from "./score.js";
import { Timeline } from "./timeline.js";

const USUAL_PARTS = ["bass", "drums", "piano", "guitar", "strings", "flute", "sax", "choir", "trumpet"];
const OFFERED_PARTS = 6;
const FILES = {
  "piece.mid": "MIDI",
  "sound.mp3": "MP3",
  "score.musicxml": "MusicXML",
  "score.pdf": "Score (PDF)",
  "roll.png": "Picture (PNG)",
  "video.mp4": "Video",
};

export class PieceView {
  #player = new Player((second, isPlaying) => this.#roll.move(second, isPlaying));
  #roll = new Roll(
    (second) => this.#player.seek(second),
    (bars, isFinal) => this.#choose(bars, isFinal),
  );
  #score = new Score();
  #first = find("vary-first");
  #last = find("vary-last");
  #onAsk;
  #bars = 0;

  /**
   * @param {string[]} instruments that may join in
   * @param {(mode: string, wishes: Record<string, string>) => void} onAsk when a piece shall be
   *   made of this one
   */
  constructor(instruments, onAsk) {
    this.#onAsk = onAsk;
    const others = instruments.map((name) => make("option", { value: name }, name));
    find("company-any").replaceChildren(...others);
    find("again").addEventListener("click", () => onAsk("again", {}));
    find("continue").addEventListener("click", () => onAsk("continue", {}));
    find("company-go").addEventListener("click", () => {
      onAsk("accompany", { parts: find("company-any").value });
    });
    for (const sheet of ["vary", "company"]) {
      find(`${sheet}-open`).addEventListener("click", () => this.#open(sheet, find(sheet).hidden));
    }
    find("vary").addEventListener("input", () => this.#read());
    find("vary").addEventListener("submit", (event) => {
      event.preventDefault();
      onAsk("vary", { range: this.#range() });
    });
  }

  /**
   * Show a piece.
   *
   * @param {string} id
   * @param {import("./api.js").Piece} piece
   */
  async show(id, piece) {
    const timeline = new Timeline(piece);
    this.#bars = timeline.bars;
    find("piece-title").textContent = piece.title;
    find("piece-facts").textContent = piece.facts;
    find("delete").hidden = !piece.is_mine;
    introduce(piece, (part, isShown) => this.#roll.setPart(part, isShown));
    credit(piece.credits);
    this.#offerParts(piece.parts);
    this.#offerFiles(piece);
    this.#score.offer(id, piece);
    for (const sheet of ["vary", "company"]) this.#open(sheet, false);
    for (const input of [this.#first, this.#last]) input.max = String(this.#bars);
    this.#player.load(piece, timeline);
    const roll = piece.files.find(({ name }) => name === "roll.svg");
    if (roll) await this.#roll.show(roll.url, piece.about, timeline);
  }

  /** Fall silent. */
  stop() {
    this.#player.stop();
  }

  #offerParts(parts) {
    const there = parts.map(({ instrument, is_drums }) => (is_drums ? "drums" : instrument));
    // An "upright bass" is a bass.
    const isMissing = (name) => !there.some((word) => word.includes(name));
    const missing = USUAL_PARTS.filter(isMissing).slice(0, OFFERED_PARTS);
    find("company-usual").replaceChildren(...missing.map((name) => {
      const button = make("button", { type: "button" }, name[0].toUpperCase() + name.slice(1));
      button.addEventListener("click", () => this.#onAsk("accompany", { parts: name }));
      return button;
    }));
  }

  #offerFiles({ files, recipe }) {
    const links = Object.entries(FILES).flatMap(([name, label]) => {
      const file = files.find((one) => one.name === name);
      if (!file) return [];
      return [make("a", { class: "button", href: `${file.url}?download`, download: true }, label)];
    });
    find("files").replaceChildren(...links);
    find("recipe").hidden = !recipe;
    find("recipe-words").textContent = recipe ? `/compose ${recipe}` : "";
  }

  #open(sheet, isOpen) {
    find(sheet).hidden = !isOpen;
    find(`${sheet}-open`).setAttribute("aria-expanded", String(isOpen));
    if (isOpen) find(sheet).scrollIntoView({ block: "nearest" });
    if (sheet !== "vary") return;
    this.#roll.setChoosing(isOpen);
    if (!isOpen) this.#roll.choose(null);
    else if (this.#first.value && this.#last.value) this.#read();
    else this.#choose([0, Math.min(4, this.#bars)], false);
  }

  /** Take bars from the roll into the form. */
  #choose([first, past], isFinal) {
    this.#first.value = String(first + 1);
    this.#last.value = String(past);
    this.#read();
    if (isFinal) this.#open("vary", true);
  }

  /** Take bars from the form into the roll. */
  #read() {
    const [first, last] = [Number(this.#first.value), Number(this.#last.value)];
    const isRange = 1 <= first && first <= last && last <= this.#bars;
    find("vary-go").disabled = !isRange;
    const bars = first === last ? "bar" : "bars";
    find("vary-go").textContent = isRange ? `Vary ${bars} ${this.#range("–")}` : "Vary bars";
    this.#roll.choose(isRange ? [first - 1, last] : null);
  }

  #range(dash = "-") {
    const [first, last] = [this.#first.value, this.#last.value];
    return first === last ? first : `${first}${dash}${last}`;
  }
}
