"""The table of wishes.

A file sets the tone of what is made from it. So a chat's default style, key, tempo, meter and
parts stand in for open wishes only where a piece begins from nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from audiogroove.music.piece import TEMPO_RANGE_BPM
from audiogroove.request import DEFAULT_BARS, DENSITIES, MAX_NEW_BARS, MAX_SEED, Mode
from audiogroove.wishes.presets import PRESETS

Kind = Literal["text", "number", "whole", "choice", "flag"]

EVERY = frozenset(Mode)
ANEW = frozenset({Mode.COMPOSE})
LONGER = frozenset({Mode.COMPOSE, Mode.CONTINUE})
WITHIN = frozenset({Mode.VARY, Mode.ACCOMPANY})
NEVER: frozenset[Mode] = frozenset()
NO_WORDS: Mapping[str, float] = MappingProxyType({})
NO_GLOSSES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that may be wished."""

    name: str
    about: str  # one sentence of at most 100 characters
    kind: Kind
    example: str
    low: float | None = None  # of a number; both ends are possible
    high: float | None = None
    choices: tuple[str, ...] = ()
    # of choices whose word alone does not say what they do
    glosses: Mapping[str, str] = field(default_factory=lambda: NO_GLOSSES, hash=False)
    # words that stand for a number, lower case
    words: Mapping[str, float] = field(default_factory=lambda: NO_WORDS, hash=False)
    modes: frozenset[Mode] = EVERY  # where it makes sense
    default_in: frozenset[Mode] = NEVER  # where a chat's default may stand in for it

    @property
    def is_default(self) -> bool:
        """Whether a chat may keep a default for it."""
        return bool(self.default_in)


# Numbers, and the words that stand for each.
_TEMPOS: Mapping[float, str] = {  # beats a minute
    40: "grave",
    50: "largo, very slow",
    54: "lento",
    66: "adagio",
    70: "slow, slowly, calm, gentle, peaceful, relaxed, relaxing",
    84: "andante",
    92: "andantino",
    96: "walking",
    108: "moderato, moderate, medium, medium tempo, mid tempo, midtempo",
    116: "allegretto",
    126: "lively, upbeat, cheerful, happy",
    132: "allegro",
    144: "fast, quick, uptempo, up tempo, driving, energetic",
    160: "vivace",
    176: "very fast",
    184: "presto",
    208: "prestissimo",
}
_LENGTHS: Mapping[float, str] = {8: "short", 32: "long"}
_DARING = {
    0.7: "very safe",
    0.8: "safe, safer, tame, cautious, less adventurous",
    1.1: "adventurous, more adventurous, bold, bolder, daring",
    1.25: "wild, wilder, very adventurous",
}
_RESTLESSNESS = {0.75: "steady, steadier", 1.1: "restless"}


def _by_word(words: Mapping[float, str]) -> Mapping[str, float]:
    each = {word: number for number, several in words.items() for word in several.split(", ")}
    return MappingProxyType(each)


WISHES = (
    Wish(
        "style",
        "The kind of music, such as ragtime, waltz, jazz or bossa nova.",
        kind="text",
        example="ragtime",
        default_in=ANEW,
    ),
    Wish(
        "key",
        "A note and a scale, such as D minor, F#, Bb, E dorian or A blues.",
        kind="text",
        example="D minor",
        default_in=ANEW,
    ),
    Wish(
        "strict_key",
        "Together with a key: no note outside its scale.",
        kind="flag",
        example="yes",
        default_in=ANEW,
    ),
    Wish(
        "tempo",
        "Beats a minute, 20 to 400, or a word such as slow, andante or fast.",
        kind="number",
        example="96",
        low=TEMPO_RANGE_BPM[0],
        high=TEMPO_RANGE_BPM[1],
        words=_by_word(_TEMPOS),
        modes=LONGER,
        default_in=ANEW,
    ),
    Wish(
        "meter",
        "The time signature, such as 4/4, 3/4 or 6/8.",
        kind="text",
        example="3/4",
        modes=ANEW,
        default_in=ANEW,
    ),
    Wish(
        "bars",
        f"How many new bars to write, 1 to {MAX_NEW_BARS}; {DEFAULT_BARS} if you do not say.",
        kind="whole",
        example="16",
        low=1,
        high=MAX_NEW_BARS,
        words=_by_word(_LENGTHS),
        modes=LONGER,
        default_in=LONGER,
    ),
    Wish(
        "range",
        "Which bars to vary, or where a new part plays, counted from 1.",
        kind="text",
        example="5-8",
        modes=WITHIN,
    ),
    Wish(
        "parts",
        "Who plays, or who joins in, with commas between: violin, cello, piano, drums.",
        kind="text",
        example="violin, piano",
        modes=ANEW | {Mode.ACCOMPANY},
        default_in=ANEW,
    ),
    Wish(
        "density",
        "How busy the music is for its style.",
        kind="choice",
        example="sparse",
        choices=DENSITIES,
        default_in=EVERY,
    ),
    Wish(
        "form",
        "What comes again: AABA plays the first section three times, AA'BA changes it once.",
        kind="text",
        example="AABA",
        modes=ANEW,
    ),
    Wish(
        "preset",
        "How freely it plays, in one word; what is wished of the dice besides refines it.",
        kind="choice",
        example="loose",
        choices=tuple(preset.name for preset in PRESETS),
        glosses=MappingProxyType({preset.name: preset.about for preset in PRESETS}),
        default_in=EVERY,
    ),
    Wish(
        "temperature",
        "How adventurous the notes are: 0.8 is safe, 1 as in real music, 1.2 surprising.",
        kind="number",
        example="1.1",
        low=0.05,
        high=3,
        words=_by_word(_DARING),
        default_in=EVERY,
    ),
    Wish(
        "rhythm_temperature",
        "The same for rhythm and dynamics: steady below 0.9, restless above.",
        kind="number",
        example="0.85",
        low=0.05,
        high=3,
        words=_by_word(_RESTLESSNESS),
        default_in=EVERY,
    ),
    Wish(
        "top_k",
        "Choose among so many likeliest continuations only; 0 is all of them.",
        kind="whole",
        example="40",
        low=0,
        high=1000,
        default_in=EVERY,
    ),
    Wish(
        "top_p",
        "Keep the likeliest continuations that together hold this share of the chances.",
        kind="number",
        example="0.95",
        low=0.01,
        high=1,
        default_in=EVERY,
    ),
    Wish(
        "min_p",
        "Drop continuations that are less likely than this share of the likeliest.",
        kind="number",
        example="0.05",
        low=0,
        high=0.99,
        default_in=EVERY,
    ),
    Wish(
        "seed",
        "Repeat a piece: the same wishes and the same number give the same notes.",
        kind="whole",
        example="42",
        low=0,
        high=MAX_SEED,
    ),
)
BY_NAME: Mapping[str, Wish] = MappingProxyType({wish.name: wish for wish in WISHES})
