/** A jam to watch: who plays, whose turn it is, what they have made so far. */

import { attend } from "./attending.js";
import { seat, stack } from "./band.js";
import { Countdown } from "./countdown.js";
import { find, make } from "./element.js";
import { hush, tell } from "./notice.js";
import { introduce } from "./parts.js";
import { Player } from "./player.js";
import { Roll } from "./roll.js";
import { Timeline } from "./timeline.js";
import { UNTIL, doing, where } from "./turns.js";

/**
 * Watch a jam for as long as the page is open.
 *
 * @param {string} id
 */
export async function watch(id) {
  await dress();
  const view = new JamView();
  await attend(
    id,
    (jam) => view.show(jam),
    () => view.lose(),
    (why) => view.miss(why),
  );
}

/** Fetch the look of a jam, which nothing else needs. */
function dress() {
  const link = make("link", { rel: "stylesheet", href: "/static/jam.css" });
  document.head.append(link);
  return new Promise((resolve) => {
    for (const kind of ["load", "error"]) link.addEventListener(kind, resolve, { once: true });
  });
}

class JamView {
  #countdown = new Countdown(find("jam-left"));
  #roll = new Roll((second) => this.#player.seek(second), () => {});
  #player = new Player(
    (second, isPlaying) => this.#roll.move(second, isPlaying),
    (isLate) => (find("late").hidden = !isLate),
  );
  #panel = /** @type {HTMLElement} */ (document.querySelector(".player"));
  #shown = new Map(); // what each thing is shown for
  #timeline = /** @type {Timeline | null} */ (null);

  constructor() {
    document.body.dataset.view = "jam";
    find("jam-stage").after(this.#panel);
    find("anew").hidden = false;
    find("keys").textContent = "Space plays, ← → go a bar. A take is heard from its first bar.";
    find("late").addEventListener("click", () => {
      find("play").focus(); // for this button goes
      this.#player.catchUp();
    });
  }

  /**
   * Show how a jam stands.
   *
   * @param {import("./attending.js").Jam} jam
   */
  show(jam) {
    const isOver = jam.deadline_s === null;
    document.title = `${jam.title} – AudioGroove`;
    if (find("jam").hidden) hush();
    find("jam").hidden = false;
    find("jam-title").textContent = jam.title;
    find("jam-facts").textContent = jam.facts;
    this.#breathe(isOver ? "over" : "live", isOver ? "Over" : "Live");
    say("jam-doing", doing(jam));
    say("jam-where", where(jam));
    find("jam-until").textContent = UNTIL[jam.phase] ?? "";
    this.#countdown.start(UNTIL[jam.phase] ? jam.deadline_s - jam.now_s : null);
    find("jam-end").hidden = !isOver || !jam.piece_id;
    find("jam-end").href = `/p/${jam.piece_id}`;
    fill(find("jam-written"), jam.written);
    seat(find("jam-band"), jam);
    this.#if("takes", [jam.takes, jam.take, jam.players], () => {
      stack(find("jam-takes"), jam, (bar) => this.#hear(bar));
    });
    find("jam-laid").hidden = !jam.takes.length && !jam.take;
    find("jam-empty").hidden = jam.piece !== null;
    find("jam-empty").textContent = isOver
      ? "There is nothing to hear."
      : "Here the first take will be seen and heard.";
    this.#if("piece", jam.piece_id, () => this.#load(jam.piece));
  }

  /** Say that the server cannot be reached. */
  lose() {
    if (find("jam").hidden) tell("I cannot be reached just now; I keep trying.");
    else this.#breathe("lost", "Connection lost; trying again");
  }

  /**
   * Say that there is no such jam.
   *
   * @param {string} why
   */
  miss(why) {
    this.#player.stop();
    for (const part of [find("jam-air"), find("jam-stage"), find("jam-empty"), find("jam-laid"), this.#panel]) {
      part.hidden = true;
    }
    find("jam").hidden = false;
    find("jam-title").textContent = "No such jam";
    find("jam-facts").textContent = why;
  }

  /** Do something again only if what it is done for has changed. */
  #if(name, now, deed) {
    const told = JSON.stringify(now);
    if (this.#shown.get(name) === told) return;
    this.#shown.set(name, told);
    deed();
  }

  /** @param {import("./api.js").Piece | null} piece */
  async #load(piece) {
    this.#panel.hidden = !piece;
    const isFirst = !this.#timeline;
    this.#timeline = piece && new Timeline(piece);
    if (!piece || !this.#timeline) {
      this.#player.stop();
      return;
    }
    this.#if("parts", piece.parts.map(({ name, colour }) => [name, colour]), () => {
      piece.parts.forEach((_, part) => this.#roll.setPart(part, true));
      introduce(piece, (part, isShown) => this.#roll.setPart(part, isShown));
    });
    if (isFirst) this.#player.load(piece, this.#timeline);
    else this.#player.follow(piece, this.#timeline);
    const roll = piece.files.find(({ name }) => name === "roll.svg");
    try {
      if (roll) await this.#roll.change(roll.url, piece.about, this.#timeline);
    } catch (fault) {
      if (fault.name !== "AbortError") tell(fault.message);
    }
  }

  #hear(bar) {
    this.#player.catchUp();
    if (this.#timeline) this.#player.seek(this.#timeline.secondAt(this.#timeline.stepOf(bar)));
  }

  /** @param {"live" | "over" | "lost"} how */
  #breathe(how, words) {
    find("jam-air").className = `air ${how}`;
    say("jam-air", words);
  }
}

/** Say something where it is not said yet: who listens to the page hears it once. */
function say(id, words) {
  if (find(id).textContent !== words) find(id).textContent = words;
}

/** Show how much of a take is composed. */
function fill(meter, written) {
  meter.hidden = !written;
  const { bars, total } = written ?? { bars: 0, total: 1 };
  meter.style.setProperty("--done", `${(100 * bars) / (total || 1)}%`);
  meter.setAttribute("aria-valuemax", String(total));
  meter.setAttribute("aria-valuenow", String(bars));
  meter.setAttribute("aria-valuetext", `${bars} of ${total} bars`);
}
