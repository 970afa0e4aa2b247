/** The sliders: which wishes they stand for, and in which words they speak. */

import { even } from "./dial.js";

// Words for all below a number.
const TEMPOS = [
  [60, "very slow"], [76, "slow"], [100, "walking"], [120, "moderate"], [144, "lively"], [176, "fast"],
  [Infinity, "very fast"],
];
const DARING = [
  [0.6, "very safe"], [0.85, "safe"], [1.02, "as in real music"], [1.2, "daring"], [1.5, "wild"],
  [Infinity, "chaos"],
];
const RESTLESS = [
  [0.6, "very steady"], [0.85, "steady"], [1.02, "as in real music"], [1.2, "restless"],
  [Infinity, "wild"],
];

const TEMPO_STEP_BPM = 2;
const TEMPO_REST_BPM = 110; // where the thumb waits
const COUNTS = [
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500, 1000, 0,
]; // 0 is all, and so comes last

/**
 * What the piece is like.
 *
 * @param {import("./api.js").Options} options
 * @returns {import("./dial.js").Gauge[]}
 */
export function shape({ bars, tempo }) {
  return [
    {
      name: "bars",
      label: "Length",
      stops: even(bars.min, bars.max, 1),
      usual: bars.usual,
      open: `${bars.usual} bars`,
      ends: ["a moment", "a long piece"],
      say: (value) => (value === 1 ? "1 bar" : `${value} bars`),
    },
    {
      name: "tempo",
      label: "Tempo",
      stops: even(tempo.min, tempo.max, TEMPO_STEP_BPM),
      usual: TEMPO_REST_BPM,
      open: "as the style has it",
      ends: ["slow", "fast"],
      say: (value) => `${value} bpm, ${word(TEMPOS, value)}`,
    },
  ];
}

/**
 * How the notes are chosen.
 *
 * @param {import("./api.js").Options} options
 * @returns {import("./dial.js").Gauge[]}
 */
export function dice({ temperature, rhythm_temperature, top_k, top_p, min_p }) {
  return [
    {
      name: "temperature",
      label: "Notes",
      stops: even(temperature.min, temperature.max, 0.05),
      usual: temperature.usual,
      open: "as in real music",
      ends: ["safe", "daring"],
      say: (value) => `${value}, ${word(DARING, value)}`,
      about: "Temperature: how adventurous the notes are.",
    },
    {
      name: "rhythm_temperature",
      label: "Rhythm",
      stops: even(rhythm_temperature.min, rhythm_temperature.max, 0.05),
      usual: rhythm_temperature.usual,
      open: "as in real music",
      ends: ["steady", "restless"],
      say: (value) => `${value}, ${word(RESTLESS, value)}`,
      about: "The same for rhythm and dynamics.",
    },
    {
      name: "top_k",
      label: "Choices",
      stops: COUNTS.filter((count) => top_k.min <= count && count <= top_k.max),
      usual: top_k.usual,
      open: "all",
      ends: ["the likeliest", "all"],
      say: (value) => (value === 0 ? "all" : `the ${value} likeliest`),
      about: "Top-k: choose among the k likeliest notes; 0 is all.",
    },
    {
      name: "top_p",
      label: "Common sense",
      stops: even(0.05, top_p.max, 0.01),
      usual: top_p.usual,
      open: `${percent(top_p.usual)} of the chances`,
      ends: ["the obvious", "anything"],
      say: (value) => `${percent(value)} of the chances`,
      about: "Top-p: keep the likeliest notes that together hold this share.",
    },
    {
      name: "min_p",
      label: "No long shots",
      stops: even(min_p.min, min_p.max, 0.01),
      usual: min_p.usual,
      open: `below ${percent(min_p.usual)} left out`,
      ends: ["keep all", "drop most"],
      say: (value) => (value === 0 ? "all are kept" : `below ${percent(value)} left out`),
      about: "Min-p: drop notes less likely than this share of the likeliest.",
    },
  ];
}

function word(table, value) {
  return table.find(([below]) => value < below)[1];
}

function percent(share) {
  return `${Math.round(100 * share)} %`;
}
