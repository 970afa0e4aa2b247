"""A step of the decoder for some rows, compiled: one event in each.

    told ─▶ beside ─▶ LSTM ─▶ LSTM ─▶ attention ─▶ query ─▶ bar ─▶ … ─▶ velocity
    row     rows      rows    rows     row          rows     row, see model.choosing

Products are made for all rows at once, so that each weight is read once a step; all else is done
row by row. The definitions are those of `audiogroove.model.network`; a test holds both equal. No
row is told of another, so company changes nothing but the time it takes.
"""

import numpy as np

from audiogroove.compiled import compiled
from audiogroove.model.arithmetic import (
    Floats,
    Ints,
    add_rows,
    exponentials,
    likenesses,
    mix,
    multiply,
    norm,
    remember,
    shrink,
)
from audiogroove.model.choosing import decide
from audiogroove.model.desk import Desk
from audiogroove.model.seat import (
    ENTRIES,
    RING,
    Seat,
    aligned,
    may_write,
    place_of_next,
    time_of,
)
from audiogroove.model.weights import Weights
from audiogroove.tokens import telling
from audiogroove.tokens.features import LOOKBACKS, REMAINING_QUARTERS
from audiogroove.tokens.memory import MEMORY
from audiogroove.tokens.sheet import (
    Lexicon,
)
from audiogroove.tokens.vocabulary import MAX_PARTS


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
            decide(seats[desk.rows[row]], row, weights, words, desk)


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
        of_keys, of_values = seat.scales[0, head], seat.scales[1, head]
        key = split[inner + head * size : inner + (head + 1) * size]
        value = split[2 * inner + head * size : 2 * inner + (head + 1) * size]
        of_keys[place] = shrink(key, keys[:, place])
        of_values[place] = shrink(value, values[place])
        likenesses(split[own], keys[:, :entries], of_keys[:entries], shares[:entries])
        likenesses(split[own], keys[:, MEMORY:last], of_keys[MEMORY:last], shares[entries:])
        most = shares.max()
        for at in range(count):
            shares[at] = (shares[at] - most) * scale
        exponentials(shares, desk.powers)
        found[:] = 0
        total = shares.sum()
        mix(shares[:entries], values[:entries], of_values[:entries], found)
        mix(shares[entries:], values[MEMORY:last], of_values[MEMORY:last], found)
        found /= total
