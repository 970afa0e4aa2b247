"""A step of the decoder for some rows, compiled: one event in each.

    told ─▶ beside ─▶ LSTM ─▶ LSTM ─▶ attention ─▶ query ─▶ bar ─▶ … ─▶ velocity
    row     rows      rows    rows     row          rows     row, its sheet told of each

Products are made for all rows at once, so that each weight is read once a step; all else is done
row by row. The definitions are those of `audiogroove.model.network`; a test holds both equal. No
row is told of another, so company changes nothing but the time it takes.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import Reference, Structure, compiled, structure
from audiogroove.model.arithmetic import (
    TILE,
    TURN,
    Floats,
    Ints,
    add_rows,
    bend,
    exponentials,
    likenesses,
    mix,
    multiply,
    norm,
    remember,
    score,
)
from audiogroove.model.network import FIELDS
from audiogroove.model.sampling import FAITH, RHYTHM_TEMPERATURE, TEMPERATURE, pick
from audiogroove.model.seat import (
    ENTRIES,
    RING,
    THROWN,
    Doubles,
    Seat,
    aligned,
    may_write,
    place_of_next,
    time_of,
)
from audiogroove.model.weights import KNOWN, Weights
from audiogroove.tokens import deciding, telling
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH
from audiogroove.tokens.features import LOOKBACKS, PITCH_CLASSES, REMAINING_QUARTERS
from audiogroove.tokens.memory import MEMORY
from audiogroove.tokens.sheet import (
    LEVEL,
    PROGRAM_ID,
    TURN_BAR,
    TURN_PART,
    Lexicon,
    Sheet,
    cursor_of,
    turn_onset,
)
from audiogroove.tokens.vocabulary import MAX_PARTS

COLUMNS = 6 + 6 + 5 * LOOKBACKS + 4  # ids that a step is told
(
    KNOWN_BAR,
    KNOWN_POSITION,
    KNOWN_PART,
    KNOWN_PROGRAM,
    KNOWN_PITCH,
    KNOWN_DURATION,
    KNOWN_BEFORE,
) = range(len(KNOWN))


class Desk(NamedTuple):
    """Room for what comes and goes in a step of B rows at most."""

    ids: Ints  # (COLUMNS,)
    beside: Floats  # (B, 2 * MAX_PARTS + 2 * encoder)
    first: Floats  # (B, embed + hidden): what the first LSTM is told, and its past
    second: Floats  # (B, 2 * hidden)
    gates: Floats  # (B, 4 * hidden)
    split: Floats  # (B, 3 * heads * head_size)
    mixed: Floats  # (B, heads * head_size)
    hidden: Floats  # (B, hidden)
    queries: Floats  # (B, fields * chain)
    shares: Floats  # (MEMORY + W,)
    cell: Floats  # (hidden,)
    warm: Floats  # (chain,)
    logits: Floats  # (B, fields, most ids of one)
    odds: Doubles  # (most ids,)
    allowed: NDArray[np.bool_]  # (most ids,)
    tile: Floats  # (TURN, TILE)
    powers: NDArray[np.int32]  # (most,)
    rows: Ints  # (B,) which seats take the step

    @classmethod
    def for_rows(cls, weights: Weights, rows: int) -> "Desk":
        """Make room for so many rows."""
        hidden, told = weights.norms.shape[2], weights.told.table.shape[1]
        inner = int(weights.sizes[0] * weights.sizes[1])
        reach = MEMORY + int(weights.sizes[2])
        chain, ids = weights.busy.shape[1], max(len(bias) for bias in weights.biases)

        def room(*shape: int) -> Floats:
            return np.zeros(shape, dtype=np.float32)

        return cls(
            ids=np.zeros(COLUMNS, dtype=np.int64),
            beside=room(rows, len(weights.beside.weight)),
            first=room(rows, told + hidden),
            second=room(rows, 2 * hidden),
            gates=room(rows, 4 * hidden),
            split=room(rows, 3 * inner),
            mixed=room(rows, inner),
            hidden=room(rows, hidden),
            queries=room(rows, len(FIELDS) * chain),
            shares=room(reach),
            cell=room(hidden),
            warm=room(chain),
            logits=room(rows, len(FIELDS), ids),
            odds=np.zeros(ids, dtype=np.float64),
            allowed=np.zeros(ids, dtype=np.bool_),
            tile=room(TURN, TILE),
            powers=np.zeros(max(4 * hidden, reach, chain), dtype=np.int32),
            rows=np.zeros(rows, dtype=np.int64),
        )


class DeskType(Structure):
    """How compiled functions know a `Desk`."""


class DeskRef(Reference):
    """A `Desk` as it is handed to compiled functions."""


structure(Desk._fields, DeskRef, DeskType)


@compiled
def refer_to_desk(*arrays: Any) -> Any:
    """Hand a `Desk` over: its fields, in their order."""
    return DeskRef(*arrays)


@compiled
def write(
    seats: list[Seat], chosen: Ints, weights: Weights, words: Lexicon, desk: Desk, steps: int
) -> None:
    """Take so many steps with the chosen seats, each as long as it may; see `seat.may_write`."""
    for _ in range(steps):
        count = 0
        for index in chosen:
            if may_write(seats[index]):
                desk.rows[count] = index
                count += 1
        if count == 0:
            return
        _advance(seats, weights, desk, count)
        _attend(seats, weights, desk, count)
        multiply(weights.query, desk.hidden[:count], desk.queries[:count], desk.tile)
        for row in range(count):
            _decide(seats[desk.rows[row]], row, weights, words, desk)


@compiled
def _advance(seats: list[Seat], weights: Weights, desk: Desk, count: int) -> None:
    """Take the cursors in: change the states, and give hidden states."""
    first, second, gates = desk.first[:count], desk.second[:count], desk.gates[:count]
    hidden, told = desk.hidden[:count], first.shape[1] - desk.hidden.shape[1]
    embedded = np.empty((count, told), dtype=np.float32)
    for row in range(count):
        _tell_beside(seats[desk.rows[row]], desk.beside[row])
    multiply(weights.beside, desk.beside[:count], embedded, desk.tile)
    for row in range(count):
        seat = seats[desk.rows[row]]
        _tell_ids(seat, desk.ids)
        add_rows(weights.told.table, weights.told.starts, desk.ids, embedded[row])
        first[row, :told] = embedded[row]
        first[row, told:] = seat.state[0, 0]
    multiply(weights.first, first, gates, desk.tile)
    size = hidden.shape[1]
    for row in range(count):
        state = seats[desk.rows[row]].state
        remember(gates[row], state[0], desk.cell, desk.powers)
        hidden[row] = state[0, 0]
        norm(hidden[row], weights.norms[0, 0], weights.norms[0, 1])
        second[row, :size] = hidden[row]
        second[row, size:] = state[1, 0]
    multiply(weights.second, second, gates, desk.tile)
    for row in range(count):
        state = seats[desk.rows[row]].state
        remember(gates[row], state[1], desk.cell, desk.powers)
        desk.cell[:] = state[1, 0]
        norm(desk.cell, weights.norms[1, 0], weights.norms[1, 1])
        hidden[row] += desk.cell


@compiled
def _tell_ids(seat: Seat, ids: Ints) -> None:
    """Put all that is told in ids side by side, (COLUMNS,)."""
    telling.tell_cursor(seat.sheet, ids[:6])
    telling.tell_place(seat.sheet, ids[6:12])
    telling.tell_lookback(seat.sheet, ids[12 : 12 + 5 * LOOKBACKS].reshape(LOOKBACKS, 5))
    ids[12 + 5 * LOOKBACKS :] = seat.wishes


@compiled
def _tell_beside(seat: Seat, beside: Floats) -> None:
    """Put what sounds and the aligned state side by side; see `features.remaining_of`."""
    rests = telling.rests(seat.sheet)
    for part in range(MAX_PARTS):
        rest = min(max(rests[part], 0) / (12 * REMAINING_QUARTERS), 1)
        beside[part] = rest
        beside[MAX_PARTS + part] = rest > 0
    beside[2 * MAX_PARTS :] = seat.states[aligned(seat)]


@compiled
def _attend(seats: list[Seat], weights: Weights, desk: Desk, count: int) -> None:
    """Let every row attend to its memory and its own past, this step included."""
    hidden = desk.hidden[:count]
    multiply(weights.own, hidden, desk.split[:count], desk.tile)
    for row in range(count):
        seat = seats[desk.rows[row]]
        _turn(desk.split[row], time_of(seat), weights)
        _mix_past(seat, desk.split[row], desk.mixed[row], desk)
    size = hidden.shape[1]
    attended = desk.gates[:count, :size].copy()
    multiply(weights.attended, desk.mixed[:count], attended, desk.tile)
    for row in range(count):
        hidden[row] += attended[row]
        norm(hidden[row], weights.norms[2, 0], weights.norms[2, 1])


@compiled
def _turn(split: Floats, time: tuple[float, float], weights: Weights) -> None:
    """Turn a row's queries and keys by its time; see `network.rotate`."""
    heads, size = weights.sizes[0], weights.sizes[1]
    quarter = weights.rates.shape[1]
    half = 2 * quarter
    for index in range(half):
        axis = index // quarter
        angle = np.float32(time[axis]) * weights.rates[axis, index % quarter]
        cos, sin = np.cos(angle), np.sin(angle)
        for head in range(2 * heads):
            at = head * size + index
            one, two = split[at], split[at + half]
            split[at] = one * cos - two * sin
            split[at + half] = one * sin + two * cos


@compiled
def _mix_past(seat: Seat, split: Floats, mixed: Floats, desk: Desk) -> None:
    """Write the step's key and value, and mix all values by their keys' likeness to the query."""
    heads, size, _ = seat.keys.shape
    inner, place = heads * size, place_of_next(seat)
    entries, last = seat.recall[ENTRIES], MEMORY + seat.recall[RING]
    count = entries + last - MEMORY
    shares = desk.shares[:count]
    scale = np.float32(1 / np.sqrt(size))
    for head in range(heads):
        own = slice(head * size, (head + 1) * size)
        keys, values, found = seat.keys[head], seat.values[head], mixed[own]
        keys[:, place] = split[inner + head * size : inner + (head + 1) * size]
        values[place] = split[2 * inner + head * size : 2 * inner + (head + 1) * size]
        likenesses(split[own], keys[:, :entries], shares[:entries])
        likenesses(split[own], keys[:, MEMORY:last], shares[entries:])
        most = shares.max()
        for at in range(count):
            shares[at] = (shares[at] - most) * scale
        exponentials(shares, desk.powers)
        found[:] = 0
        mix(shares[:entries], values[:entries], found)
        mix(shares[entries:], values[MEMORY:last], found)
        found /= shares.sum()


@compiled
def _decide(seat: Seat, row: int, weights: Weights, words: Lexicon, desk: Desk) -> None:
    """Decide the six fields in their order, the sheet told of each decision."""
    sheet, settings, warm = seat.sheet, seat.settings, desk.warm
    queries = desk.queries[row].reshape(len(FIELDS), len(warm))
    throws = seat.dice[seat.recall[THROWN]]
    seat.recall[THROWN] += 1
    known = np.full(len(KNOWN), -1, dtype=np.int64)
    for field in range(len(FIELDS)):
        warm[:] = queries[field]
        _link(weights.links, weights.link_starts[field], known, warm)
        size = len(weights.biases[field])
        logits, allowed = desk.logits[row, field, :size], desk.allowed[:size]
        if field == PART:
            _tell_busy(sheet.part_ends, turn_onset(sheet), weights.busy, warm)
            bend(warm, desk.powers)
            score(seat.part_keys, seat.part_bias, warm, logits)
        else:
            if field == PITCH:
                _tell_chord(sheet.pitch_ends, turn_onset(sheet), weights.chord, warm)
            bend(warm, desk.powers)
            score(weights.scores[field], weights.biases[field], warm, logits)
        deciding.options(sheet, words, field, allowed)
        nats = seat.nats if field == PITCH else seat.nats[:0]
        tonal = field in (PART, PITCH)
        faith = FAITH[sheet.plan[bar_of(sheet, field), LEVEL]]
        temperature = faith * settings[TEMPERATURE if tonal else RHYTHM_TEMPERATURE]
        odds = desk.odds[:size]
        odds[:] = logits
        chosen = pick(odds, allowed, nats, temperature, settings, throws[field])
        deciding.take(sheet, words, field, chosen)
        _note(known, sheet, field, chosen)


@compiled
def bar_of(sheet: Sheet, field: int) -> int:
    """Tell which bar a field is decided in: the cursor's, until another is chosen."""
    return cursor_of(sheet).bar if field == BAR else int(sheet.turn[TURN_BAR])


@compiled
def _note(known: Ints, sheet: Sheet, field: int, chosen: int) -> None:
    """Note what is decided, and of the part's note before what the next field is told of it."""
    part = sheet.turn[TURN_PART]
    if field < PART:
        known[field] = chosen
    elif field == PART:
        known[KNOWN_PART], known[KNOWN_PROGRAM] = part, sheet.players[part, PROGRAM_ID]
        known[KNOWN_BEFORE] = sheet.own[part, 0] - 1
    elif field == PITCH:
        known[KNOWN_PITCH], known[KNOWN_BEFORE] = chosen, sheet.own[part, 1] - 1
    elif field == DURATION:
        known[KNOWN_DURATION], known[KNOWN_BEFORE] = chosen, sheet.own[part, 2] - 1


@compiled
def _link(table: Floats, starts: Ints, known: Ints, warm: Floats) -> None:
    """Add what is known of the event, ids from 0, where -1 is nothing."""
    for column in range(len(known)):
        if starts[column] >= 0 and known[column] >= 0:
            warm += table[starts[column] + known[column]]


@compiled
def _tell_busy(ends: Ints, onset: int, busy: Floats, warm: Floats) -> None:
    """Add which parts still sound at the chosen place."""
    for part in range(MAX_PARTS):
        if ends[part] > onset:
            warm += busy[part]


@compiled
def _tell_chord(ends: Ints, onset: int, chord: Floats, warm: Floats) -> None:
    """Add the pitch classes that sound at the chosen place, and that of the lowest pitch.

    See `features.chord_of`.
    """
    classes, lowest = 0, -1
    for pitch in range(len(ends)):
        if ends[pitch] > onset:
            classes |= 1 << pitch % PITCH_CLASSES
            if lowest < 0:
                lowest = pitch % PITCH_CLASSES
    for one in range(PITCH_CLASSES):
        if classes >> one & 1:
            warm += chord[one]
    if lowest >= 0:
        warm += chord[PITCH_CLASSES + lowest]
