/** The page: a form to wish in, a piece on its way, a piece; or a jam to watch. */

import { begin, composition, forget, options, remove } from "./api.js";
import { find } from "./element.js";
import { follow } from "./following.js";
import { confirm, hush, murmur, tell } from "./notice.js";
import * as progress from "./progress.js";
import * as visit from "./visit.js";
import { Wishes } from "./wishes.js";

const HOME = "/";
const COPIED_MS = 2000;
const UNFETCHED = "Your piece is ready, but I could not fetch what shows it; please load this page again.";

class Page {
  #wishes;
  #instruments;
  /** @type {import("./piece.js").PieceView | null} */
  #view = null;
  #following = new AbortController();
  /** @type {import("./api.js").Composition | null} */
  #now = null;
  #isAsking = false;

  /** @param {import("./api.js").Options} known */
  constructor(known) {
    find("model").textContent = known.model;
    this.#wishes = new Wishes(known, (request, seed) => this.#ask(request, seed));
    this.#instruments = known.instruments;
    find("cancel").addEventListener("click", () => this.#stop());
    find("delete").addEventListener("click", () => this.#delete());
    find("copy").addEventListener("click", () => this.#copy());
    find("forget").addEventListener("click", () => this.#forget());
    find("recipe-edit").addEventListener("click", () => this.#wishes.write(this.#now?.piece?.recipe ?? ""));
    addEventListener("popstate", () => this.open());
  }

  /** Show what the address names: a composition, or the beginning. */
  async open() {
    const id = /^\/p\/([^/]+)$/.exec(location.pathname)?.[1];
    this.#leave();
    if (!id) {
      this.#show("start");
      return;
    }
    try {
      this.#take(await composition(decodeURIComponent(id)), {});
    } catch (fault) {
      if (fault.code === "not_found" || fault.code === "gone") visit.drop(decodeURIComponent(id));
      this.#goHome(fault.message);
    }
  }

  /** Ask for a piece and follow it. */
  async #ask(request, seed = null) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    document.body.classList.add("asking");
    hush();
    this.#wishes.mark(undefined);
    try {
      const now = await begin(request, seed);
      history.pushState(null, "", now.link);
      this.#take(now, request);
    } catch (fault) {
      tell(fault.message);
      this.#wishes.mark(fault.field);
    } finally {
      this.#isAsking = false;
      document.body.classList.remove("asking");
    }
  }

  /** Show a composition as it is now, and what becomes of it. */
  #take(first, request) {
    this.#leave();
    const { signal } = this.#following;
    const onChange = (now) => {
      this.#now = now;
      if (now.state === "done") this.#finish(now);
      else if (now.state === "failed") this.#goHome(now.error?.message ?? "");
      else if (now.state === "cancelled") this.#goHome("Cancelled.", "calm");
      else progress.show(now, request);
    };
    const isUnderWay = first.state === "waiting" || first.state === "writing";
    if (isUnderWay) {
      this.#fetchView().catch(() => {}); // while there is time; tried again when it is needed
      this.#show("progress");
      find("progress-title").focus();
      follow(first.id, signal, onChange, (fault) => this.#goHome(fault.message));
    }
    onChange(first);
  }

  async #finish(now) {
    const { id, link, piece } = now;
    const { signal } = this.#following;
    try {
      await this.#fetchView();
    } catch {
      tell(UNFETCHED); // the address stays that of the piece
      return;
    }
    if (signal.aborted) return; // somebody went elsewhere meanwhile
    document.title = `${piece.title} – AudioGroove`;
    visit.remember({ id, link, title: piece.title, facts: piece.facts });
    this.#wishes.seed.clear();
    this.#show("piece");
    murmur(`${piece.title} is ready.`);
    find("piece-title").focus();
    try {
      await this.#view.show(id, piece);
    } catch (fault) {
      if (fault.name !== "AbortError") tell(fault.message);
    }
  }

  /** Fetch what shows a piece; who only looks at the wishes needs none of it. */
  async #fetchView() {
    const { PieceView } = await import("./piece.js");
    this.#view ??= new PieceView(this.#instruments, (mode, wishes) => {
      this.#ask({ mode, wishes, from: this.#now?.id });
    });
  }

  /**
   * Go back to the beginning and say why.
   *
   * @param {string} reason
   * @param {"alarm" | "calm"} [tone]
   */
  #goHome(reason, tone) {
    this.#leave();
    history.replaceState(null, "", HOME);
    this.#show("start");
    find("wishes-title").focus();
    tell(reason, tone);
  }

  /** Let go of what is shown. */
  #leave() {
    this.#following.abort();
    this.#following = new AbortController();
    this.#view?.stop();
  }

  /** @param {"start" | "progress" | "piece"} what */
  #show(what) {
    document.body.dataset.view = what;
    find("progress").hidden = what !== "progress";
    find("piece").hidden = what !== "piece";
    find("anew").hidden = what === "start";
    if (what === "start") document.title = "AudioGroove";
    else scrollTo({ top: 0 });
    visit.list(what === "piece" ? this.#now?.id : undefined);
  }

  async #stop() {
    await this.#try(() => remove(this.#now.id));
  }

  async #delete() {
    const { id, piece } = this.#now;
    const question = `Delete “${piece.title}” for good? Its link will no longer work.`;
    if (!(await confirm(question, "Delete"))) return;
    await this.#try(async () => {
      await remove(id);
      visit.drop(id);
      this.#goHome("Deleted.", "calm");
    });
  }

  async #forget() {
    const question = "I shall delete all your pieces and requests. Are you sure?";
    if (!(await confirm(question, "Delete it all"))) return;
    await this.#try(async () => {
      await forget();
      visit.empty();
      this.#goHome("Done: nothing of you is kept any more.", "calm");
    });
  }

  async #copy() {
    const link = new URL(this.#now.link, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      find("copy").textContent = "Copied";
      murmur("The link is copied.");
      setTimeout(() => (find("copy").textContent = "Copy link"), COPIED_MS);
    } catch {
      tell(`The link: ${link}`); // no https, no clipboard
    }
  }

  async #try(deed) {
    hush();
    try {
      await deed();
    } catch (fault) {
      tell(fault.message);
    }
  }
}

/** Show what the address names; what only a jam needs is fetched only for one. */
async function start() {
  const jam = /^\/j\/([^/]+)$/.exec(location.pathname)?.[1];
  if (jam) await (await import("./jam.js")).watch(decodeURIComponent(jam));
  else await new Page(await options()).open();
}

try {
  await start();
} catch (fault) {
  tell(fault.message);
}
document.body.classList.add("ready");
