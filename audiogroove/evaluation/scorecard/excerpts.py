"""Real music to compare with: excerpts of a data set's pieces, one after another at bar lines.

What is composed has 16 bars, so what it is compared with has 16 bars, too, or is a whole piece
where that is shorter. An excerpt begins anywhere; how pieces end is told from their last bars.

Three sets are made of a style's pieces, none sharing a piece with another:

- the *reference*, of up to 128 training pieces. Means and deviations come from it. Held-out pieces
  would not do: of some styles there are none and of no style more than twenty, so a mean of theirs
  is uncertain by a fifth of a deviation or more, nearly half the gate. The split is by chance,
  so training pieces are as good a sample of real music; and a model that merely copied them would
  stand well here, but is found out by what it quotes (see `quoting`).
- the *real* set, of other training pieces, as many as are composed: what it scores is the
  lowest that any set of this size can be expected to score.
- the *held-out* set, of valid and test pieces: real music that nobody trained on. It is few and
  its pieces give several excerpts each, so its score is uncertain; it is the yardstick of quoting.

A piece gives one excerpt, and up to four where the style has few pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.music.piece import Meter
from audiogroove.request import DEFAULT_BARS
from audiogroove.training.dataset import Dataset, PieceInfo

BARS = DEFAULT_BARS
REFERENCE = 128  # excerpts
MOST_OF_ONE = 4  # excerpts of one piece
REAL_SHARE = 3  # one in so many training pieces may be kept from the reference


class Excerpt(NamedTuple):
    """A passage of a piece, and the one it ends with unless that was told already."""

    passage: Passage
    last: Passage | None


@dataclass(frozen=True)
class RealMusic:
    """One style's excerpts."""

    reference: tuple[Excerpt, ...]
    real: tuple[Excerpt, ...]
    held_out: tuple[Excerpt, ...]


def deal(data: Dataset, style: str, *, count: int, seed: int) -> RealMusic:
    """Make the three sets of a style, of `count` excerpts or `REFERENCE`, or all that there are."""
    dice = np.random.default_rng((seed, *style.encode()))
    own = [index for index, piece in enumerate(data.pieces) if piece.style == style]
    train = dice.permutation([i for i in own if data.pieces[i].split == "train"]).tolist()
    held_out = dice.permutation([i for i in own if data.pieces[i].split != "train"]).tolist()
    kept_away = min(count, len(train) // REAL_SHARE)
    return RealMusic(
        draw(data, train[kept_away:], REFERENCE, dice),
        draw(data, train[:kept_away], count, dice),
        draw(data, held_out, count, dice),
    )


def draw(data: Dataset, pieces: Sequence[int], count: int, dice: Generator) -> tuple[Excerpt, ...]:
    """Draw up to `count` excerpts with notes, none overlapping, from as many pieces as possible."""
    chosen = list(pieces)[:count]
    each = min(MOST_OF_ONE, -(-count // len(chosen))) if chosen else 0
    rounds = list(zip(*(_excerpts_of(data, piece, each, dice) for piece in chosen), strict=True))
    found = [one for turn in rounds for one in turn if one and len(one.passage.onsets)]
    return tuple(found[:count])


def _excerpts_of(data: Dataset, piece: int, count: int, dice: Generator) -> list[Excerpt | None]:
    """Cut a piece's excerpts, in any order, the first with its end; None for those missing."""
    bars = data.pieces[piece].bars
    slots = max(1, bars // BARS)
    spare = max(0, bars - slots * BARS)
    start = int(dice.integers(spare + 1))
    found: list[Excerpt | None] = []
    for slot in dice.permutation(slots)[:count].tolist():
        first = start + slot * BARS
        last = None if found else cut(data, piece, max(0, bars - BARS), bars)
        found.append(Excerpt(cut(data, piece, first, min(bars, first + BARS)), last))
    return [*found, *[None] * (count - len(found))]


def cut(data: Dataset, piece: int, first: int, past: int) -> Passage:
    """Cut the bars [first, past) out of a data set's piece."""
    info = data.pieces[piece]
    programs = np.asarray(info.programs, dtype=np.int64)
    return Passage.cut(data.events(piece), info.bar_lines, _beats(info), programs, (first, past))


def _beats(info: PieceInfo) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([_beat_steps(value) for value in info.bar_meters.tolist()], dtype=np.int64)


@lru_cache(maxsize=1024)
def _beat_steps(meter: int) -> int:
    return Meter(*divmod(meter, 100)).beat_steps
