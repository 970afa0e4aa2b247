/** The score, fetched when somebody opens it. */

import { score } from "./api.js";
import { find, make } from "./element.js";

export class Score {
  #fold = find("score");
  #pages = find("score-pages");
  #id = "";
  #title = "";

  constructor() {
    this.#fold.addEventListener("toggle", () => this.#fold.open && this.#fetch());
  }

  /**
   * Offer the score of a piece.
   *
   * @param {string} id
   * @param {import("./api.js").Piece} piece
   */
  offer(id, piece) {
    this.#id = id;
    this.#title = piece.title;
    this.#fold.open = false;
    this.#fold.hidden = !piece.files.some(({ name }) => name === "score.musicxml");
    this.#pages.replaceChildren();
  }

  async #fetch() {
    const id = this.#id;
    if (this.#pages.childElementCount) return;
    this.#pages.replaceChildren(make("p", { class: "hint" }, "One moment, I am writing it out…"));
    try {
      const { pages } = await score(id);
      const images = pages.map((url, at) => this.#page(url, at, pages.length));
      if (id === this.#id) this.#pages.replaceChildren(...images);
    } catch (fault) {
      if (id === this.#id) this.#pages.replaceChildren(make("p", { class: "hint" }, fault.message));
    }
  }

  #page(url, at, count) {
    const alt = `Score of ${this.#title}, page ${at + 1} of ${count}`;
    return make("img", { src: url, alt, loading: "lazy", decoding: "async" });
  }
}
