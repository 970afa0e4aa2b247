/** Fields of the form: a wish by its name, its label above. */

import { make } from "./element.js";

export function field(name, label, control, ...more) {
  const words = make("label", { for: control.id }, label);
  return make("div", { class: "field", "data-wish": name }, words, control, ...more);
}

export function number(name, placeholder) {
  const attributes = { type: "text", inputmode: "numeric", autocomplete: "off", placeholder };
  return make("input", { id: `wish-${name}`, name, ...attributes });
}

/**
 * A list to choose one from, or none.
 *
 * @param {string} name of the wish
 * @param {string} open what it says while nothing is chosen
 * @param {string[]} values
 * @param {string[]} [words] that are shown for them
 * @returns {HTMLSelectElement}
 */
export function choice(name, open, values, words = values) {
  const options = values.map((value, at) => make("option", { value }, words[at]));
  const none = make("option", { value: "" }, open);
  return make("select", { id: `wish-${name}`, name }, none, ...options);
}
