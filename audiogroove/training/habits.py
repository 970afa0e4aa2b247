"""What a data set tells of its styles: their numbers and their customs."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from audiogroove.model.network import Config
from audiogroove.tokens.codec import BAR, COLUMNS, PART, Events
from audiogroove.tokens.customs import FORM_BARS, Custom, Sample
from audiogroove.tokens.features import STYLES
from audiogroove.tokens.form import find_form
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
        )
        samples[info.style].append(sample)
    return {style: Custom.learn(samples[style]) for style in number_styles(data)}


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
