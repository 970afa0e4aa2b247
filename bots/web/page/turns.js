/** What happens in a jam, in words. */

/**
 * Say what is waited for.
 *
 * @param {import("./attending.js").Jam} jam
 */
export function doing({ phase, turn, votes }) {
  const who = turn?.player ?? "Somebody";
  switch (phase) {
    case "lobby": return "The band is gathering";
    case "turn": return `${who} is to play`;
    case "taking":
      return turn?.is_stand_in ? `${who} is away; I play for them` : `${who}’s take is being composed`;
    case "hearing": return `${who} listens to their take`;
    case "voting": return `All vote on ${who}’s take: ${votes?.yes ?? 0} for, ${votes?.no ?? 0} against`;
    case "finished": return "The piece is finished";
    case "expired": return "The time was over before anything was played";
    default: return "The jam was called off";
  }
}

/** What the time is for that is left in a phase; none is not counted. */
export const UNTIL = { lobby: "to join", turn: "to play", hearing: "to decide", voting: "to vote" };

/**
 * Say how far the jam is.
 *
 * @param {import("./attending.js").Jam} jam
 */
export function where({ phase, players, takes, turn, written }) {
  if (phase === "lobby") return `${count(players.length, "player")} so far`;
  if (!turn) return count(takes.length, "take");
  const { round, rounds } = turn;
  const place = rounds ? `Round ${round} of ${rounds}` : `Section ${takes.length + 1}`;
  return written ? `${place} · ${written.bars} of ${count(written.total, "bar")}` : place;
}

function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
