"""How freely the music plays, in one word: settings of the dice that have a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from audiogroove.errors import RequestRefused
from audiogroove.request import Sampling


@dataclass(frozen=True, slots=True)
class Preset:
    """A way to play that musicians have a word for."""

    name: str  # lower case
    about: str  # what it does, in a few words without a full stop
    sampling: Sampling
    aliases: tuple[str, ...] = ()  # as `parse_preset` reads them besides the name


# Not "straight" for the first: beside a style that is the opposite of swing.
PRESETS = (
    Preset(
        "tight",
        "careful, by the book",
        Sampling(temperature=0.9, rhythm_temperature=0.75, top_p=0.92, min_p=0.05),
        ("straight", "by the book", "inside", "tighter"),
    ),
    Preset("in the pocket", "relaxed, as usual", Sampling(), ("pocket",)),
    Preset(
        "loose",
        "freer, with surprises",
        Sampling(temperature=1.15, rhythm_temperature=1.0, top_p=0.98, min_p=0.01),
        ("loosely", "looser"),
    ),
    Preset(
        "out",
        "adventurous, far from home",
        Sampling(temperature=1.3, rhythm_temperature=1.15, top_p=0.99, min_p=0.01),
        ("outside", "far out", "way out", "playing out"),
    ),
)
WORDS: Mapping[str, Preset] = MappingProxyType(  # lower case, single spaces between
    {word: preset for preset in PRESETS for word in (preset.name, *preset.aliases)}
)
_NAMES = {preset.sampling: preset.name for preset in PRESETS}


def parse_preset(text: str) -> Preset:
    """Find a preset by its name or an alias: "In the pocket", "in_the_pocket", "straight".

    Raises:
        RequestRefused: when there is none of that name.
    """
    preset = WORDS.get(re.sub(r"[\s_-]+", " ", text).strip().lower())
    if preset is None:
        possible = ", ".join(preset.name for preset in PRESETS)
        raise RequestRefused("preset", asked=text, possible=possible)
    return preset


def preset_name(sampling: Sampling) -> str | None:
    """Tell which preset sets the dice exactly so; None if it takes single values to say it."""
    return _NAMES.get(sampling)
