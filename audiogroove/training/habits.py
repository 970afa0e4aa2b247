"""What a data set tells of its styles: their numbers and their customs."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from audiogroove.model.network import Config
from audiogroove.tokens.census import FORM_BARS, Sample, custom_of
from audiogroove.tokens.codec import BAR, COLUMNS, PART, PITCH, Events
from audiogroove.tokens.customs import Custom, Lay
from audiogroove.tokens.features import STYLES
from audiogroove.tokens.form import find_form
from audiogroove.tokens.tessitura import lay_of
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset

STRETCH_BARS = 32  # of a piece whose form is looked at
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
        info = data.pieces[index]
        numerator, denominator = divmod(int(np.bincount(info.bar_meters).argmax()), 100)
        events = data.events(index)
        notes = np.bincount(events[:, PART], minlength=len(info.programs))
        sample = Sample(
            info.programs,
            f"{numerator}/{denominator}",
            info.bpm,
            info.minor,
            len(events) / info.bars,
            tuple((notes / info.bars).tolist()),
            forms_of(events, info.bars),
            _lays(events, info.programs),
        )
        samples[info.style].append(sample)
    return {style: custom_of(samples[style]) for style in number_styles(data)}


def _lays(events: Events, programs: Sequence[int]) -> tuple[Lay, ...]:
    """Tell where the parts lie, or nothing where one of them is silent."""
    own = [events[events[:, PART] == part, PITCH] for part in range(len(programs))]
    if not all(map(len, own)):
        return ()
    return tuple(
        lay_of(pitches, is_kit=program == DRUMS)
        for pitches, program in zip(own, programs, strict=True)
    )


def forms_of(events: Events, bars: int) -> tuple[str, ...]:
    """Write down the forms of one or two stretches of a piece: its beginning and one near its end.

    A stretch is looked at as a piece of its own, up to `STRETCH_BARS` long. A piece shorter than
    `FORM_BARS` shows none, and the second is there only where it shares no bar with the first.
    """
    if bars < FORM_BARS:
        return ()
    last = (bars - STRETCH_BARS) // PHRASE_BARS * PHRASE_BARS
    starts = [0, last] if last >= STRETCH_BARS else [0]
    found = []
    for start in starts:
        length = min(bars - start, STRETCH_BARS)
        first, past = np.searchsorted(events[:, BAR], (start, start + length))
        stretch = events[first:past] - np.eye(1, len(COLUMNS), BAR, dtype=np.int32) * start
        found.append(find_form(stretch, length).text)
    return tuple(found)


def config_for(data: Dataset, **sizes: float) -> Config:
    """Give the sizes of a network for a data set's vocabulary."""
    return Config(vocabulary=data.vocabulary.sizes, **sizes)  # type: ignore[arg-type]
