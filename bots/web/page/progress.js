/** A piece on its way: bars that fill, one after the other. */

import { find, make } from "./element.js";
import { murmur } from "./notice.js";

const USUAL_BARS = 16;

/**
 * Show how a composition gets on.
 *
 * @param {import("./api.js").Composition} now
 * @param {Partial<import("./api.js").Request>} request what was asked for, as far as it is known
 */
export function show({ state, ahead, bars, total }, request) {
  find("progress-title").textContent = task(request);
  const how = state === "writing" ? `${bars} of ${total} bars` : waiting(ahead);
  find("progress-how").textContent = how;
  murmur(how);
  const meter = find("progress-bars");
  const expected = total || Number(request.wishes?.bars) || USUAL_BARS; // none are known while it waits
  fill(meter, bars, expected);
  meter.setAttribute("aria-valuemin", "0");
  meter.setAttribute("aria-valuemax", String(expected));
  meter.setAttribute("aria-valuenow", String(bars));
  meter.setAttribute("aria-valuetext", how);
}

function task({ mode, wishes = {} }) {
  if (mode === "continue") return "Going on";
  if (mode === "vary") return wishes.range ? `Varying bars ${wishes.range}` : "Varying";
  if (mode === "accompany") return `Adding ${wishes.parts?.replaceAll(",", ", ") ?? "a part"}`;
  return wishes.style ? `Composing ${wishes.style.replaceAll("_", " ")}` : "Composing";
}

function waiting(ahead) {
  if (ahead === null) return "one moment";
  if (ahead === 0) return "next in line";
  return ahead === 1 ? "one piece is before it" : `${ahead} pieces are before it`;
}

function fill(meter, bars, total) {
  if (meter.childElementCount !== total) {
    meter.replaceChildren(...Array.from({ length: total }, () => make("span", {})));
  }
  [...meter.children].forEach((bar, at) => {
    bar.className = at < bars ? "written" : at === bars ? "next" : "";
  });
}
