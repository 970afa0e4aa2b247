/** Notes that light up while they sound and fade when they have. */

export class Lights {
  #starts;
  #ends;
  #begun = 0; // how many of #starts have begun
  #over = 0; // how many of #ends are over

  /** @param {Iterable<SVGElement>} notes each with its seconds in data-on and data-off */
  constructor(notes) {
    const timed = Array.from(notes, (note) => {
      const { on, off } = note.dataset;
      return { note, on: Number(on), off: Number(off) };
    });
    this.#starts = [...timed].sort((one, two) => one.on - two.on);
    this.#ends = [...timed].sort((one, two) => one.off - two.off);
  }

  /**
   * Show a moment; only what has changed since the last is touched.
   *
   * @param {number} second
   */
  show(second) {
    const [starts, ends] = [this.#starts, this.#ends];
    while (this.#begun < starts.length && starts[this.#begun].on <= second) {
      starts[this.#begun++].note.classList.add("sounds");
    }
    while (this.#over < ends.length && ends[this.#over].off <= second) {
      ends[this.#over++].note.classList.replace("sounds", "past");
    }
    while (this.#over > 0 && ends[this.#over - 1].off > second) {
      ends[--this.#over].note.classList.replace("past", "sounds");
    }
    while (this.#begun > 0 && starts[this.#begun - 1].on > second) {
      starts[--this.#begun].note.classList.remove("sounds");
    }
  }
}
