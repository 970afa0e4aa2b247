"""What a data set tells of its styles: their numbers and their customs."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from audiogroove.model.network import Config
from audiogroove.tokens.census import FORM_BARS, Sample, custom_of
from audiogroove.tokens.codec import BAR, PART, PITCH, Events
from audiogroove.tokens.counterpoint import count_roughness
from audiogroove.tokens.customs import Custom, Lay
from audiogroove.tokens.features import STYLES
from audiogroove.tokens.form import find_form
from audiogroove.tokens.tessitura import lay_of
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset, PieceInfo

STRETCH_BARS = 32  # of a piece, that are looked at as one
PHRASE_BARS = 8  # stretches begin with a phrase, as far as music in eights goes


def number_styles(data: Dataset, known: Sequence[str] = ()) -> dict[str, int]:
    """Number the known styles from 1, and then the commonest of the training split."""
    names = Counter(data.pieces[index].style for index in data.split("train"))
    new = [name for name, _ in names.most_common() if name not in known]
    return {name: index + 1 for index, name in enumerate([*known, *new][:STYLES])}


def learn_customs(data: Dataset) -> dict[str, Custom]:
    """Count each style's customs in the training split."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    for index in data.split("train"):
        samples[data.pieces[index].style] += samples_of(data.pieces[index], data.events(index))
    pieces = Counter(data.pieces[index].style for index in data.split("train"))
    return {style: custom_of(samples[style], pieces[style]) for style in number_styles(data)}


def samples_of(info: PieceInfo, events: Events) -> list[Sample]:
    """Tell what one or two stretches of a piece tell: its beginning and one near its end.

    A stretch is looked at as a piece of its own, up to `STRETCH_BARS` long, by those who play in
    it: a whole band seldom plays all at once. There are two where they share no bar.
    """
    last = (info.bars - STRETCH_BARS) // PHRASE_BARS * PHRASE_BARS
    starts = [0, last] if last >= STRETCH_BARS else [0]
    stretches = [(start, min(info.bars, start + STRETCH_BARS)) for start in starts]
    found = [_sample(info, events, first, past) for first, past in stretches]
    return [one for one in found if one.programs]


def _sample(info: PieceInfo, events: Events, first: int, past: int) -> Sample:
    numerator, denominator = divmod(int(np.bincount(info.bar_meters).argmax()), 100)
    events = events[slice(*np.searchsorted(events[:, BAR], (first, past)))].copy()
    events[:, BAR] -= first
    players, events[:, PART] = np.unique(events[:, PART], return_inverse=True)
    programs = tuple(info.programs[part] for part in players)
    bars, lines = past - first, np.asarray(info.bar_lines)
    return Sample(
        programs,
        f"{numerator}/{denominator}",
        info.bpm,
        info.minor,
        len(events) / bars,
        tuple((np.bincount(events[:, PART]) / bars).tolist()),
        find_form(events, bars).text if bars >= FORM_BARS else None,
        _lays(events, programs),
        count_roughness(events, lines[first:past] - lines[first], np.array(programs) == DRUMS),
    )


def _lays(events: Events, programs: Sequence[int]) -> tuple[Lay, ...]:
    """Tell where the parts lie."""
    return tuple(
        lay_of(events[events[:, PART] == part, PITCH], is_kit=program == DRUMS)
        for part, program in enumerate(programs)
    )


def config_for(data: Dataset, **sizes: float) -> Config:
    """Give the sizes of a network for a data set's vocabulary."""
    return Config(vocabulary=data.vocabulary.sizes, **sizes)  # type: ignore[arg-type]
