"""What each word means among typed wishes: a wish, nothing of its own, or nothing at all.

*Plain* words are in lower case with single spaces between; a *run* of them may have one meaning
("bossa nova", "upright bass"). A run that names an instrument and a style is the instrument.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from audiogroove.music.instruments import DRUMS, INSTRUMENTS
from audiogroove.music.instruments import WORDS as _PART_WORDS
from audiogroove.music.piece import TEMPO_RANGE_BPM
from audiogroove.music.styles import STYLES
from audiogroove.music.theory import SCALES
from audiogroove.request import MAX_NEW_BARS
from audiogroove.wishes import WISHES
from audiogroove.wishes.presets import WORDS as _PRESET_WORDS

LONGEST_RUN = 4  # words
FILLER = ""  # the wish of those who wish for nothing
WEAK_STYLE = "style?"  # the wish of words that are a style only where nothing better is said

# Beside a style they tell who plays it, or that it is music at all: "jazz trio", "lofi beats".
_WEAK_STYLES = "band beat beats dance duo ensemble groove quartet trio"
_FILLERS = """
    a about again also an and another any anything around as at be by can composition could feel
    feeling for from fun get give go good great have hello hey hi i i'd i'm in into is it it's
    just kind let let's like line lovely make me melody mode mood music my new nice of ok on one
    only our piece play played please pls plz rhythm scale solo some something song sort sound
    sounding style thank thanks that that's the then this thx to track tune type us use using
    vibe vibes want we with would write you your
    accompany add compose continue create do extend generate improvise join produce rewrite vary
"""
_SYNONYMS = {
    "genre": "style",
    "tonality": "key",
    "bpm": "tempo",
    "speed": "tempo",
    "metre": "meter",
    "time": "meter",
    "time signature": "meter",
    "bar": "bars",
    "measure": "bars",
    "measures": "bars",
    "instrument": "parts",
    "instruments": "parts",
    "part": "parts",
    "structure": "form",
    "feel": "preset",
    "temp": "temperature",
}


def plain(text: str) -> str:
    """Write words as this module knows them."""
    return re.sub(r"[\s_-]+", " ", text).strip().lower()


def is_part(run: str) -> bool:
    """Tell whether plain words name an instrument, in the plural or at its desk too."""
    alone = re.sub(r"^(?:1st|2nd|3rd|first|second|solo) | (?:i{1,3}|iv)$", "", run)
    return any(words in _PART_WORDS for words in (run, alone, alone.removesuffix("s")))


def style_of(run: str) -> str | None:
    """Tell the style that plain words name, as its table writes it: "hiphop" is "hip hop"."""
    return _STYLES.get(run.replace(" ", ""))


def meaning_of(run: str) -> str | None:
    """Tell which wish plain words are a value of: its name, FILLER, or None if not known."""
    if run in _MEANINGS:
        return _MEANINGS[run]
    if is_part(run):
        return "parts"
    return "style" if style_of(run) else None


def is_known(run: str) -> bool:
    """Tell whether plain words mean something, be it that they are filler."""
    return meaning_of(run) is not None


def is_scale(run: str) -> bool:
    """Tell whether plain words name a scale, as "minor" does, without any note."""
    return run in SCALES


def near(word: str) -> tuple[str, ...]:
    """Guess at most three words that may have been meant, the nearest first."""
    if word.isdecimal():
        possible = (("bars", (1, MAX_NEW_BARS)), ("bpm", TEMPO_RANGE_BPM))
        return tuple(f"{word} {unit}" for unit, (low, high) in possible if low <= int(word) <= high)
    return tuple(get_close_matches(plain(word), _NEAR, n=3, cutoff=0.75))


def _values() -> dict[str, str]:
    """List the words for numbers and choices by what they mean; the later wins."""
    numbers = {word: wish.name for wish in WISHES for word in wish.words}
    choices = {word: wish.name for wish in WISHES for word in wish.choices}
    choices |= dict.fromkeys(_PRESET_WORDS, "preset")
    return numbers | choices | {"strict": "strict_key", "strictly": "strict_key"}


_STYLE_WORDS = tuple(
    plain(word)
    for style in STYLES
    for word in (*style.tags, *style.aliases, style.name)
    if not word.startswith("drums_")
)
_STYLES = {word.replace(" ", ""): word for word in _STYLE_WORDS}  # the later wins
_MEANINGS = {
    **_values(),
    "orchestra": "style",  # more than the strings
    **dict.fromkeys(_FILLERS.split(), FILLER),
    **dict.fromkeys(_WEAK_STYLES.split(), WEAK_STYLE),
}
NAMES: Mapping[str, str] = MappingProxyType(
    {plain(wish.name): wish.name for wish in WISHES} | _SYNONYMS
)
_NEAR = tuple(
    dict.fromkeys(
        (
            *_STYLE_WORDS,
            *(each.word for each in (*INSTRUMENTS, DRUMS)),
            *_values(),
            *SCALES,
            *NAMES,
        )
    )
)
