/** How a composition gets on: told by the server as it happens, or asked for where that fails. */

import { address, composition } from "./api.js";

const ENDS = ["done", "failed", "cancelled"];
const POLL_MS = 1000;
const PATIENCE = 3; // how often a stream may break before we ask instead

/**
 * Follow a composition until it ends or `signal` says to stop.
 *
 * @param {string} id
 * @param {AbortSignal} signal
 * @param {(now: import("./api.js").Composition) => void} onChange
 * @param {(fault: Error) => void} onFault when it cannot be followed any more
 */
export function follow(id, signal, onChange, onFault) {
  const stream = new EventSource(`${address(id)}/events`);
  let broken = 0;
  signal.addEventListener("abort", () => stream.close());

  for (const kind of ["progress", ...ENDS]) {
    stream.addEventListener(kind, (event) => {
      broken = 0;
      if (ENDS.includes(kind)) stream.close();
      if (!signal.aborted) onChange(JSON.parse(event.data));
    });
  }
  stream.addEventListener("error", () => {
    broken += 1;
    if (stream.readyState !== EventSource.CLOSED && broken < PATIENCE) return; // it tries again
    stream.close();
    poll(id, signal, onChange).catch(onFault);
  });
}

/** Ask again and again. */
async function poll(id, signal, onChange) {
  while (!signal.aborted) {
    const now = await composition(id);
    if (signal.aborted) return;
    onChange(now);
    if (ENDS.includes(now.state)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
