"""A data set to the index by which copies of it are known, and the yardsticks of real music."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from audiogroove.quotation.index import ANY_STYLE, LEAST_YARDSTICK, Index
from audiogroove.quotation.phrases import Phrase, phrases_from
from audiogroove.tokens.codec import PART, PITCH, onsets_of
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import SPLITS, Dataset

ENOUGH = 20  # held-out pieces: a style with fewer has the yardstick of all music
USUAL = 0.95  # of them quote no more than their yardstick


def phrases_in(data: Dataset, piece: int) -> list[Phrase]:
    """Take the upper lines of a piece's melodic parts."""
    info, events = data.pieces[piece], data.events(piece)
    drums = {part for part, program in enumerate(info.programs) if program == DRUMS}
    onsets = onsets_of(events, tuple(info.bar_lines.tolist()))
    return phrases_from(onsets, events[:, PART], events[:, PITCH], drums=drums)


def build_index(data: Dataset) -> Index:
    """Take the sample of what is trained on, and measure with it what is not.

    A yardstick is told by the same ruler by which a piece is judged later.
    """
    known = (phrase for piece in data.split("train") for phrase in phrases_in(data, piece))
    index = Index.of(known)
    runs: dict[str, list[int]] = defaultdict(list)
    for piece in (piece for split in SPLITS[1:] for piece in data.split(split)):
        info = data.pieces[piece]
        if phrases := phrases_in(data, piece):
            quotation = index.check(phrases, info.bar_lines.tolist())
            runs[info.style].append(quotation.moves if quotation else 0)
    return replace(index, yardsticks=yardsticks_of(runs))


def yardsticks_of(runs: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Tell by style how long the quotations of real music usually are, and in all music."""
    every = [run for own in runs.values() for run in own]
    told = {style: own for style, own in sorted(runs.items()) if len(own) >= ENOUGH}
    if every:
        told[ANY_STYLE] = every
    return {
        style: max(LEAST_YARDSTICK, ceil(np.quantile(own, USUAL))) for style, own in told.items()
    }
