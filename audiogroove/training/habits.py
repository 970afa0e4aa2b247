"""What a data set tells of its styles: their numbers and their customs."""

from collections import Counter, defaultdict

import numpy as np

from audiogroove.model.network import Config
from audiogroove.tokens.customs import Custom, Sample
from audiogroove.tokens.features import STYLES
from audiogroove.training.dataset import Dataset


def number_styles(data: Dataset) -> dict[str, int]:
    """Number the commonest styles of the training split from 1."""
    names = Counter(data.pieces[index].style for index in data.split("train"))
    return {name: index + 1 for index, (name, _) in enumerate(names.most_common(STYLES))}


def learn_customs(data: Dataset) -> dict[str, Custom]:
    """Count each style's customs in the training split."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    for index in data.split("train"):
        info = data.pieces[index]
        numerator, denominator = divmod(int(np.bincount(info.bar_meters).argmax()), 100)
        density = data.length(index) / info.bars
        sample = Sample(info.programs, f"{numerator}/{denominator}", info.bpm, info.minor, density)
        samples[info.style].append(sample)
    return {style: Custom.learn(samples[style]) for style in number_styles(data)}


def config_for(data: Dataset, **sizes: float) -> Config:
    """Give the sizes of a network for a data set's vocabulary."""
    return Config(vocabulary=data.vocabulary.sizes, **sizes)  # type: ignore[arg-type]
