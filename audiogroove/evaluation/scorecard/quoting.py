"""How much is quoted from the training pieces, against how much real music quotes.

Melodies are compared as moves, so a transposed tune is known again (see
`audiogroove.quotation`). Real held-out music has fragments in common with the training pieces,
too: what it has is the *yardstick*, and only what goes well beyond it is flagged:

- a run of 16 moves or more that is also beyond 95 % of the yardstick's longest runs, or
- a share of known fragments of 12 moves that is more than twice the yardstick's mean.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.quotation.exact import LENGTHS, Corpus, Quotes
from audiogroove.quotation.phrases import Phrase, phrases_from
from audiogroove.tokens.codec import PART, PITCH
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset

LONG_RUN = 16  # moves
LONGEST = max(LENGTHS)
TIMES = 2  # as much as the yardstick


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece may quote without being flagged."""

    run: float  # moves, up to but without this
    share: float  # of fragments of LONGEST moves

    @classmethod
    def of(cls, yardstick: Sequence[Quotes]) -> "Limits":
        """Take what real held-out music quotes, at least one piece."""
        runs = [quotes.longest_run for quotes in yardstick]
        return cls(
            max(LONG_RUN, float(np.quantile(runs, 0.95))),
            TIMES * _mean([quotes.shares[LONGEST] for quotes in yardstick]),
        )

    def flags(self, quotes: Quotes) -> bool:
        """Tell whether a piece quotes more than this."""
        return quotes.longest_run >= self.run or (quotes.shares[LONGEST] or 0) > self.share


@dataclass(frozen=True, slots=True)
class Quoting:
    """What the pieces of a set quote."""

    pieces: int
    shares: dict[int, float]  # of known fragments, by their moves, as a mean over pieces
    runs: tuple[float, float, int]  # median, 95 % and longest of the pieces' longest runs
    flagged: float  # share of the pieces

    @classmethod
    def of(cls, quotes: Sequence[Quotes], limits: Limits) -> "Quoting":
        """Sum up a set of pieces, at least one."""
        runs = [one.longest_run for one in quotes]
        return cls(
            len(quotes),
            {length: _mean([one.shares[length] for one in quotes]) for length in LENGTHS},
            (float(np.median(runs)), float(np.quantile(runs, 0.95)), max(runs)),
            float(np.mean([limits.flags(one) for one in quotes])),
        )

    def to_json(self) -> dict[str, object]:
        """Write it as JSON values."""
        return asdict(self)


def corpus_of(data: Dataset) -> Corpus:
    """Take in all training pieces of all styles."""
    return Corpus.of(phrase for piece in data.split("train") for phrase in _phrases(data, piece))


def quotes_of(corpus: Corpus, passages: Iterable[Passage]) -> list[Quotes]:
    """Tell what each passage with a melody quotes."""
    found = (phrases_of(passage) for passage in passages)
    return [corpus.compare(phrases) for phrases in found if phrases]


def phrases_of(passage: Passage) -> list[Phrase]:
    """Take the upper line of each pitched part."""
    return phrases_from(
        passage.onsets,
        passage.parts,
        passage.pitches,
        drums=np.flatnonzero(passage.programs == DRUMS).tolist(),
    )


def _phrases(data: Dataset, piece: int) -> list[Phrase]:
    info, events = data.pieces[piece], data.events(piece)
    onsets = info.bar_lines[events[:, 0]] + events[:, 1]
    drums = [part for part, program in enumerate(info.programs) if program == DRUMS]
    return phrases_from(onsets, events[:, PART], events[:, PITCH], drums=drums)


def _mean(shares: Sequence[float | None]) -> float:
    known = [share for share in shares if share is not None]
    return float(np.mean(known)) if known else 0.0
