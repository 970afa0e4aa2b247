"""What counting alone foretells: the two lowest rungs of the ladder that a network must climb.

*Unigram*: each field as often as the training split has each value. *Bigram*: each field given
the same field of the note before, a piece's first note given a beginning. Both price the very
events, fields and pieces that `audiogroove.training.metrics` prices for a network: folded by the
vocabulary, the end of a piece as a value of the field "bar", and a part chosen among those that
the piece has, for all three know the list of parts.

Smoothing: unigram counts are one more than they are; a bigram row is joined by `BELIEF` notes
spread as the unigram says (MacKay & Peto 1995), so that a rare neighbour falls back on it.

How this differs from the yardstick in the project's notes (unigram 12.62, bigram 8.43 on another
split of the same corpus): there a note names its instrument's family, 16 and drums, of which
nothing is known beforehand; here it names one of the piece's own parts. The list of parts costs
about a hundredth of a nat a note (`Evaluation.parts_list`); total and list together are the
figure to set beside the yardstick's. Two parts of one family are told apart here and not there.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.model.network import FIELDS
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS, Vocabulary
from audiogroove.training.dataset import Dataset
from audiogroove.training.metrics import Costs, Evaluation, pick, summarise

BELIEF = 20.0  # notes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class _Column(NamedTuple):
    """One field of some pieces, one piece after another."""

    ids: Ints  # (entries,)
    lengths: Ints  # (pieces,) entries of each piece
    size: int  # ids are 0..size-1

    @property
    def before(self) -> Ints:
        """The id of each entry's neighbour before; `size` for a piece's first."""
        shifted = np.concatenate(([self.size], self.ids[:-1]))
        shifted[np.cumsum(self.lengths[:-1])] = self.size
        return shifted

    def per_piece(self, values: Floats) -> Floats:
        """Sum a value of each entry by piece."""
        owners = np.repeat(np.arange(len(self.lengths)), self.lengths)
        return np.bincount(owners, values, len(self.lengths)).astype(np.float64)


def evaluate(
    data: Dataset, words: Vocabulary | None = None, *, split: str = "test", limit: int | None = None
) -> tuple[Evaluation, Evaluation]:
    """Count the training split and price a split's pieces: by unigrams, and by bigrams.

    `words` is the vocabulary of the network to compare with; by default the data set's own.
    Refuses as `metrics.pick` does.
    """
    words = words or data.vocabulary
    pieces, train = pick(data, split, limit=limit), data.split("train")
    costs = np.zeros((2, len(pieces), len(FIELDS)))
    for index, field in enumerate(FIELDS):
        learnt, asked = (_column(field, data, words, of) for of in (train, pieces))
        allowed = _parts_of(data, pieces) if field == "part" else None
        costs[:, :, index] = _price(learnt, asked, allowed)
    unigram, bigram = costs
    return (
        summarise("unigram", data, split, pieces, unigram),
        summarise("bigram", data, split, pieces, bigram),
    )


def _price(learnt: _Column, asked: _Column, allowed: Ints | None) -> tuple[Costs, Costs]:
    """Tell each asked piece's nats by unigram and bigram; of `allowed` values only, if told."""
    single, double = _tables(learnt)
    anywhere = np.zeros_like(asked.ids)
    return _nats(single, anywhere, asked, allowed), _nats(double, asked.before, asked, allowed)


def _tables(learnt: _Column) -> tuple[Floats, Floats]:
    """Give probabilities of ids: anywhere, (1, size), and after each id, (size + 1, size)."""
    size = learnt.size
    single = np.bincount(learnt.ids, minlength=size) + 1.0
    single /= single.sum()
    pairs = np.bincount(learnt.before * size + learnt.ids, minlength=(size + 1) * size)
    double = pairs.reshape(size + 1, size) + BELIEF * single
    double /= double.sum(axis=1, keepdims=True)
    return single[None, :].astype(np.float64), double.astype(np.float64)


def _nats(table: Floats, rows: Ints, asked: _Column, allowed: Ints | None) -> Costs:
    nats = -np.log(table[rows, asked.ids])
    if allowed is not None:  # the rest of the table cannot be: its share goes to what can
        last = np.repeat(allowed, asked.lengths) - 1
        nats += np.log(table.cumsum(axis=1)[rows, last])
    return asked.per_piece(nats)


def _parts_of(data: Dataset, pieces: Sequence[int]) -> Ints:
    return np.array([len(data.pieces[piece].programs) for piece in pieces], dtype=np.int64)


def _column(field: str, data: Dataset, words: Vocabulary, pieces: Sequence[int]) -> _Column:
    """Collect one field of pieces, rising, as ids."""
    lengths = np.diff(data.offsets)
    chosen = np.zeros(len(lengths), dtype=bool)
    chosen[list(pieces)] = True
    mask, lengths = np.repeat(chosen, lengths), lengths[chosen]
    if field == "bar":
        return _bars(data.notes["bar"][mask].astype(np.int64), lengths)
    if field == "part":
        return _Column(data.notes["part"][mask].astype(np.int64), lengths, MAX_PARTS)
    values = data.notes[field][mask].astype(np.int64)
    if field == "pitch":
        programs = np.zeros((len(pieces), MAX_PARTS), dtype=np.int64)
        for row, piece in enumerate(pieces):
            own = data.pieces[piece].programs
            programs[row, : len(own)] = own
        owners = np.repeat(np.arange(len(pieces)), lengths)
        values += DRUMS * (programs[owners, data.notes["part"][mask]] == DRUMS)
    return _Column(words[field].ids(values), lengths, len(words[field]))


def _bars(bars: Ints, lengths: Ints) -> _Column:
    """Tell how many bars each note goes forward, and after each piece's last note its end."""
    advance = np.diff(bars, prepend=0)
    stops = np.cumsum(lengths)
    starts = stops - lengths
    advance[starts] = bars[starts]
    ids = np.insert(np.minimum(advance, END - 1), stops, END)
    return _Column(ids, lengths + 1, END + 1)
