"""One draft in a batch, and all that is its own there: dice, wishes, memory, past and state."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from audiogroove.model.arithmetic import Eighths, Floats, Ints
from audiogroove.model.leanings import (
    SCALE_BIAS,
    closing_nats,
    lengths_nats,
    pitch_nats,
    shunned_nats,
)
from audiogroove.model.sampling import settings_of
from audiogroove.model.seat import THROWN, THROWS, Seat
from audiogroove.request import Sampling
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.vocabulary import MAX_PARTS, Vocabulary

FIELDS = 6  # that dice are thrown for at a step


@dataclass
class Row:
    """One draft: its dice, and how it is sampled."""

    draft: Draft
    dice: Generator
    sampling: Sampling = field(default_factory=Sampling)
    scale: frozenset[int] | None = None  # pitch classes to prefer …
    scale_nats: float = SCALE_BIAS  # … by so much


@dataclass
class Recall:
    """What a row knows when it joins: see `Seat` for the arrays."""

    draft: Draft
    players: Ints  # (2, MAX_PARTS): program ids from 1, 0 where there is no part; activities
    counts: Ints
    state: Floats
    keys: Eighths
    values: Eighths
    scales: Floats
    states: Floats
    part_keys: Floats


def seat_of(row: Row, recall: Recall, words: Vocabulary) -> Seat:
    """Give a row its seat, with the dice for its first steps thrown."""
    brief = row.draft.brief
    seat = Seat(
        sheet=row.draft.reference,
        recall=recall.counts,
        state=recall.state,
        keys=recall.keys,
        values=recall.values,
        scales=recall.scales,
        states=recall.states,
        part_keys=recall.part_keys,
        part_bias=np.zeros(MAX_PARTS, dtype=np.float32),
        wishes=brief.frame.wishes,
        nats=pitch_nats(brief, words, row.scale, row.scale_nats),
        closing=closing_nats(brief, words),
        lingering=lengths_nats(brief, words),
        shunned=shunned_nats(brief),
        settings=settings_of(row.sampling),
        dice=row.dice.random((THROWS, FIELDS)),
    )
    seat.recall[THROWN] = 0
    return seat


def throw(row: Row, seat: Seat) -> None:
    """Throw a row's dice anew for all steps that have used theirs; the others keep them."""
    used = int(seat.recall[THROWN])
    seat.dice[: THROWS - used] = seat.dice[used:]
    seat.dice[THROWS - used :] = row.dice.random((used, FIELDS))
    seat.recall[THROWN] = 0
