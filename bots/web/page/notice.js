/** What has to be said: errors aloud, progress quietly. */

import { find, make } from "./element.js";

/**
 * Show a sentence that matters, until it is closed or another comes.
 *
 * @param {string} sentence
 * @param {"alarm" | "calm"} [tone] calm where nothing went wrong
 */
export function tell(sentence, tone = "alarm") {
  const close = make("button", { type: "button", class: "quiet" }, "Close");
  close.addEventListener("click", hush);
  const said = make("span", {}, sentence);
  find("notice").replaceChildren(make("p", { class: `notice-text ${tone}` }, said, close));
}

/** Take the last sentence away. */
export function hush() {
  find("notice").replaceChildren();
}

/**
 * Say something to those who listen to the page.
 *
 * @param {string} sentence
 */
export function murmur(sentence) {
  find("status").textContent = sentence;
}

/**
 * Ask before something that cannot be undone.
 *
 * @param {string} question
 * @param {string} deed what the button that does it says
 * @returns {Promise<boolean>}
 */
export async function confirm(question, deed) {
  const dialog = find("ask");
  find("ask-words").textContent = question;
  find("ask-yes").textContent = deed;
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}
