"""One draft in a batch as compiled functions see it: sheet, memory, past, state, wishes, dice."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import Reference, Structure, compiled, structure
from audiogroove.model.arithmetic import Eighths, Floats, Ints
from audiogroove.tokens.codec import BAR, POSITION
from audiogroove.tokens.memory import MEMORY
from audiogroove.tokens.sheet import COUNT, OVER, UPCOMING, Sheet

AHEAD = 48  # given notes that the memory holds beyond the next one, while there are more
THROWS = 256  # steps that dice are thrown for at once
# what `Seat.recall` counts: entries in the memory, steps in the ring and where the next one goes,
# the bar that times count from; entries before the upcoming given notes, which of these is the
# first in the memory, and how many there are; throws that are used up
ENTRIES, RING, NEXT, FIRST_BAR, PAST_ENTRIES, BASE, ROOM, THROWN = range(8)

Doubles = NDArray[np.float64]


class Seat(NamedTuple):
    """A row's own arrays; none is another row's.

    Keys and values are those of the memory, in the first MEMORY places, and of the row's own last
    W steps behind them. The steps lie in a ring: attention knows time from the keys themselves
    (see `network.rotate`), so their order does not matter, and a step writes one column.
    """

    sheet: Sheet
    recall: Ints  # see ENTRIES and the others
    state: Floats  # (layers, 2, hidden): each layer's h and c
    keys: Eighths  # (heads, head_size, MEMORY + W), in eight bits …
    values: Eighths  # (heads, MEMORY + W, head_size) …
    scales: Floats  # (2, heads, MEMORY + W): … times these, the keys' and the values'
    states: Floats  # (MEMORY, 2 * encoder): the memory
    part_keys: Floats  # (chain, MAX_PARTS)
    part_bias: Floats  # (MAX_PARTS,): zeros
    wishes: Ints  # (4,)
    nats: Doubles  # (parts, pitch ids): by how much pitches are lowered, see model.leanings
    closing: Doubles  # (parts, pitch ids): by how much more in the last bar that is written
    lingering: Doubles  # (duration ids,): by how much durations are lowered there
    shunned: Doubles  # (2,): by how much a pitch is lowered for a clash and a parallel
    settings: Doubles  # see model.sampling.settings_of
    dice: Doubles  # (THROWS, 6)


class SeatType(Structure):
    """How compiled functions know a `Seat`."""


class SeatRef(Reference):
    """A `Seat` as it is handed to compiled functions."""


structure(Seat._fields, SeatRef, SeatType)


@compiled
def refer_to_seat(*arrays: Any) -> Any:
    """Hand a `Seat` over: its fields, in their order."""
    return SeatRef(*arrays)


@compiled
def is_stale(seat: Seat) -> bool:
    """Tell whether the memory should be read anew, further on."""
    recall, given = seat.recall, len(seat.sheet.given)
    more = given > recall[BASE] + recall[ROOM]
    return bool(more and seat.sheet.now[UPCOMING] - recall[BASE] > recall[ROOM] - AHEAD)


@compiled
def may_write(seat: Seat) -> bool:
    """Tell whether a row can take a step as it is: not over, with room, dice and a fresh memory."""
    now = seat.sheet.now
    room = now[COUNT] < len(seat.sheet.events) and seat.recall[THROWN] < len(seat.dice)
    return now[OVER] == 0 and room and not is_stale(seat)


@compiled
def aligned(seat: Seat) -> int:
    """Tell the memory entry of the next given note, 0 when there is none."""
    recall = seat.recall
    ahead = seat.sheet.now[UPCOMING] - recall[BASE]
    return int(recall[PAST_ENTRIES] + ahead) if ahead < recall[ROOM] else 0


@compiled
def time_of(seat: Seat) -> tuple[float, float]:
    """Tell the bar and the quarter in it of the last event."""
    count = seat.sheet.now[COUNT]
    if count == 0:
        return 0.0, 0.0
    last = seat.sheet.events[count - 1]
    return float(last[BAR] - seat.recall[FIRST_BAR]), last[POSITION] / 12


@compiled
def place_of_next(seat: Seat) -> int:
    """Tell where the next step's key and value go, in the place of the oldest; it is taken."""
    recall, window = seat.recall, seat.keys.shape[2] - MEMORY
    place = MEMORY + recall[NEXT]
    recall[NEXT] = (recall[NEXT] + 1) % window
    recall[RING] = min(recall[RING] + 1, window)
    return int(place)
