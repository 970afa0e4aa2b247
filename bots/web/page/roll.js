/** The piano roll: the server's picture, with a playhead, lights, and bars to choose. */

import { ask } from "./api.js";
import { find } from "./element.js";
import { Lights } from "./lights.js";

const HEIGHT_PX = { wide: 400, narrow: 320 };
const NARROW_PX = 640;
const BAR_PX = 44; // the least: longer pieces scroll
const FINE = 1.4; // drawn larger and shown smaller, so that its words are of the page's size
const MAX_PX = 8000 / FINE; // the server draws none wider
const DRAG_PX = 6; // less is a click
const LEAD = 0.3; // where the playhead stays while the picture scrolls, of the width seen

export class Roll {
  #frame = find("roll");
  #sheet = find("roll-sheet");
  #band = find("roll-band");
  #veils = find("roll-veils"); // over what is not heard
  #head = find("roll-head");
  #hidden = new Set();
  #second = 0;
  #chosen = /** @type {[number, number] | null} */ (null);
  #svg = /** @type {SVGSVGElement | null} */ (null);
  #lights = new Lights([]);
  #abort = new AbortController();
  #timeline;
  #next; // the timeline of what is being fetched
  #url = "";
  #size = [0, 0];
  #onSeek;
  #onChoose;

  /**
   * @param {(second: number) => void} onSeek
   * @param {(bars: [number, number], isFinal: boolean) => void} onChoose half-open, from 0
   */
  constructor(onSeek, onChoose) {
    this.#onSeek = onSeek;
    this.#onChoose = onChoose;
    this.#listen();
    let soon = 0;
    new ResizeObserver(() => {
      clearTimeout(soon);
      soon = setTimeout(() => this.#url && this.#draw().catch(() => {}), 150);
    }).observe(this.#frame);
  }

  /**
   * Show a piece.
   *
   * @param {string} url of its roll.svg
   * @param {string} about what can be seen, in words
   * @param {import("./timeline.js").Timeline} timeline
   */
  async show(url, about, timeline) {
    this.#hidden.clear();
    this.#frame.scrollLeft = 0;
    this.#svg?.remove();
    this.#svg = null;
    this.choose(null);
    await this.change(url, about, timeline);
    if (this.#svg) this.#keepInView(this.#xAt(timeline.stepAt(this.#second))); // of a long piece's end
  }

  /**
   * Show what has become of the piece, at the same place; until it is there, what was shown stays.
   *
   * @param {string} url of its roll.svg
   * @param {string} about
   * @param {import("./timeline.js").Timeline} timeline
   */
  async change(url, about, timeline) {
    this.#frame.setAttribute("aria-label", about);
    this.#url = url;
    this.#next = timeline;
    this.#size = [0, 0];
    await this.#draw();
  }

  /**
   * Show a moment.
   *
   * @param {number} second
   * @param {boolean} isPlaying whether to keep it in view
   */
  move(second, isPlaying) {
    this.#second = second;
    this.#lights.show(second);
    if (!this.#svg) return;
    const x = this.#xAt(this.#timeline.stepAt(second));
    this.#head.style.transform = `translateX(${x}px)`;
    if (isPlaying) this.#keepInView(x);
  }

  /**
   * Show or hide a part.
   *
   * @param {number} part
   * @param {boolean} isShown
   */
  setPart(part, isShown) {
    if (isShown) this.#hidden.delete(part);
    else this.#hidden.add(part);
    this.#veil();
  }

  /**
   * Mark bars, or none.
   *
   * @param {[number, number] | null} bars half-open, from 0
   */
  choose(bars) {
    this.#chosen = bars;
    this.#band.hidden = !bars || !this.#svg;
    if (!bars || !this.#svg) return;
    const [left, right] = bars.map((bar) => this.#xAt(this.#timeline.stepOf(bar)));
    this.#band.style.transform = `translateX(${left}px)`;
    this.#band.style.width = `${right - left}px`;
  }

  /**
   * Let a finger choose bars instead of scrolling.
   *
   * @param {boolean} isOn
   */
  setChoosing(isOn) {
    this.#frame.classList.toggle("choosing", isOn);
  }

  /** Fetch the picture in the size that is needed now. */
  async #draw() {
    const room = this.#frame.clientWidth;
    if (!room) return;
    const height = innerWidth < NARROW_PX ? HEIGHT_PX.narrow : HEIGHT_PX.wide;
    const timeline = this.#next;
    const width = Math.min(Math.max(room, timeline.bars * BAR_PX), MAX_PX);
    if (width === this.#size[0] && height === this.#size[1]) return;
    this.#size = [width, height];
    this.#abort.abort();
    this.#abort = new AbortController();
    const query = new URLSearchParams({ width: Math.round(width * FINE), height: Math.round(height * FINE) });
    const answer = await ask(`${this.#url}?${query}`, { signal: this.#abort.signal });
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    this.#timeline = timeline;
    this.#svg?.remove();
    this.#svg = document.importNode(drawn, true);
    this.#svg.querySelector("title")?.remove(); // it would follow the pointer; the frame says the same
    this.#svg.setAttribute("aria-hidden", "true");
    this.#svg.setAttribute("width", String(width));
    this.#svg.setAttribute("height", String(height));
    this.#sheet.prepend(this.#svg);
    this.#lights = new Lights(this.#svg.querySelectorAll("[data-on]"));
    this.#veil();
    this.#veilUnheard();
    this.choose(this.#chosen);
    this.move(this.#second, false);
  }

  #veil() {
    for (const part of this.#svg?.querySelectorAll("[data-part]") ?? []) {
      part.classList.toggle("away", this.#hidden.has(Number(part.dataset.part)));
    }
  }

  #veilUnheard() {
    const { heard, steps } = this.#timeline;
    const [left, right] = this.#span;
    this.#veils.hidden = heard.is_all;
    this.#veils.style.transform = `translateX(${left}px)`;
    this.#veils.style.width = `${right - left}px`;
    for (const edge of ["from", "until"]) {
      const step = this.#timeline.stepAt(heard[`${edge}_s`]);
      this.#veils.style.setProperty(`--${edge}`, `${(100 * step) / steps}%`);
    }
  }

  /** Where the music begins and ends in the picture, px. */
  get #span() {
    const { left, right } = this.#svg.dataset;
    return [Number(left) / FINE, Number(right) / FINE];
  }

  #xAt(step) {
    const [left, right] = this.#span;
    return left + ((right - left) * step) / this.#timeline.steps;
  }

  #stepAt(clientX) {
    const [left, right] = this.#span;
    const x = clientX - this.#svg.getBoundingClientRect().left;
    const share = Math.min(Math.max((x - left) / (right - left), 0), 1);
    return share * this.#timeline.steps;
  }

  #keepInView(x) {
    const frame = this.#frame;
    if (frame.scrollWidth <= frame.clientWidth || frame.matches(":active")) return;
    const goal = x - LEAD * frame.clientWidth;
    const isInView = frame.scrollLeft <= x && x <= frame.scrollLeft + frame.clientWidth;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!isCalm || !isInView) frame.scrollLeft = goal; // smoothly, or page by page
  }

  /** A click seeks, a drag chooses whole bars. */
  #listen() {
    /** @type {{x: number, bar: number, isDrag: boolean} | null} */
    let press = null;
    const bars = (event) => {
      const bar = this.#timeline.barAt(this.#stepAt(event.clientX));
      return /** @type {[number, number]} */ ([Math.min(press.bar, bar), Math.max(press.bar, bar) + 1]);
    };
    this.#frame.addEventListener("pointerdown", (event) => {
      if (!this.#svg || event.button !== 0 || event.offsetY > this.#frame.clientHeight) return;
      press = { x: event.clientX, bar: this.#timeline.barAt(this.#stepAt(event.clientX)), isDrag: false };
    });
    this.#frame.addEventListener("pointermove", (event) => {
      if (!press || (!press.isDrag && Math.abs(event.clientX - press.x) < DRAG_PX)) return;
      if (!press.isDrag) this.#frame.setPointerCapture(event.pointerId);
      press.isDrag = true;
      this.#onChoose(bars(event), false);
    });
    this.#frame.addEventListener("pointerup", (event) => {
      if (press?.isDrag) this.#onChoose(bars(event), true);
      else if (press) this.#onSeek(this.#timeline.secondAt(this.#stepAt(event.clientX)));
      press = null;
    });
    this.#frame.addEventListener("pointercancel", () => {
      press = null; // the finger scrolls
    });
  }
}
