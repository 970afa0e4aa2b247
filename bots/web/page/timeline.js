/** A piece's time: bars, steps of its grid, and seconds of its sound. */

export class Timeline {
  #bars;
  #timing;

  /** @param {Pick<import("./api.js").Piece, "bar_steps" | "timing" | "sound">} piece */
  constructor({ bar_steps, timing, sound }) {
    this.#bars = bar_steps;
    this.#timing = timing;
    /** What the sound plays, which of a long piece is not all. */
    this.heard = sound;
  }

  /** How many bars there are. */
  get bars() {
    return this.#bars.length - 1;
  }

  /** The last bar line. */
  get steps() {
    return this.#bars[this.bars];
  }

  /** @param {number} second */
  stepAt(second) {
    return between(this.#timing, 1, 0, second);
  }

  /** @param {number} step */
  secondAt(step) {
    return between(this.#timing, 0, 1, step);
  }

  /**
   * The nearest second that is heard.
   *
   * @param {number} second
   */
  within(second) {
    return Math.min(Math.max(second, this.heard.from_s), this.heard.until_s);
  }

  /**
   * The first step of a bar; bars count from 0, and the one past the last begins at the end.
   *
   * @param {number} bar
   */
  stepOf(bar) {
    return this.#bars[Math.min(Math.max(bar, 0), this.bars)];
  }

  /**
   * The bar that a step lies in, from 0.
   *
   * @param {number} step
   */
  barAt(step) {
    let bar = 0;
    while (bar < this.bars - 1 && this.#bars[bar + 1] <= step) bar += 1;
    return bar;
  }
}

/** Read a line through points that rise, by their `from`th number. */
function between(points, from, to, value) {
  let at = 1;
  while (at < points.length - 1 && points[at][from] <= value) at += 1;
  const [one, two] = [points[at - 1], points[at]];
  const share = (value - one[from]) / (two[from] - one[from] || 1);
  return one[to] + Math.min(Math.max(share, 0), 1) * (two[to] - one[to]);
}

/**
 * Write a time as a clock does: 83 is "1:23".
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
