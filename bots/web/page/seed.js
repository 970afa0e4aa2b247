/** A MIDI file to start from: chosen by hand, or dropped anywhere on the page. */

import { find } from "./element.js";
import { hush, tell } from "./notice.js";

export class Seed {
  /** @type {File | null} */
  file = null;
  #limit;
  #onChange;

  /**
   * @param {number} limit bytes
   * @param {() => void} onChange
   */
  constructor(limit, onChange) {
    this.#limit = limit;
    this.#onChange = onChange;
    const input = find("seed-file");
    input.addEventListener("change", () => {
      this.take(input.files[0]);
      input.value = ""; // so that the same file may be chosen again
    });
    find("seed-drop").addEventListener("click", () => {
      this.clear();
      input.focus();
    });
    this.#receive();
  }

  /** @param {File | undefined} file */
  take(file) {
    if (!file) return;
    if (file.size > this.#limit) {
      tell(`“${file.name}” is too large; I take MIDI files up to ${Math.floor(this.#limit / 1000)} kB.`);
      return;
    }
    hush();
    this.#hold(file);
  }

  clear() {
    this.#hold(null);
  }

  #hold(file) {
    this.file = file;
    find("seed").hidden = file !== null;
    find("seed-card").hidden = file === null;
    find("seed-name").textContent = file?.name ?? "";
    this.#onChange();
  }

  /** The whole page is where a file may be dropped. */
  #receive() {
    const curtain = find("drop");
    let depth = 0; // each element on the way tells of entering and leaving
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    const show = (event, change) => {
      if (!carries(event)) return;
      event.preventDefault();
      depth = change(depth);
      curtain.hidden = depth === 0;
    };
    addEventListener("dragenter", (event) => show(event, (now) => now + 1));
    addEventListener("dragleave", (event) => show(event, (now) => Math.max(0, now - 1)));
    addEventListener("dragover", (event) => carries(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      show(event, () => 0);
      this.take(event.dataTransfer?.files[0]);
    });
  }
}
