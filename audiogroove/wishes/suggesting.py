"""What to offer while somebody types a wish."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from types import MappingProxyType

from audiogroove.errors import RequestRefused
from audiogroove.music import theory
from audiogroove.music.instruments import DRUMS, INSTRUMENTS, parse_part
from audiogroove.music.piece import MAX_BARS
from audiogroove.music.styles import STYLE_NAMES, STYLES
from audiogroove.request import parse_range
from audiogroove.wishes.table import BY_NAME

MAX_CHARS = 100  # of a suggestion: Discord takes no longer ones

_TONICS = ("C", "G", "D", "A", "E", "B", "F", "Bb", "Eb", "Ab", "Db", "F#", "C#", "G#", "D#", "Gb")
_SCALES = ("major", "minor", *(name for name in theory.SCALES if name not in {"major", "minor"}))
_PLAYERS = (  # whom people ask for most
    *("piano", "violin", "cello", "flute", "clarinet", "trumpet", "sax", "guitar", "bass"),
    *("drums", "strings", "electric guitar", "upright bass", "choir", "organ", "harp"),
)
_OFFERED = {
    "style": (*STYLE_NAMES, *(alias for style in STYLES for alias in style.aliases)),
    "key": (
        *(f"{tonic} {scale}" for tonic in _TONICS[:12] for scale in _SCALES[:2]),
        *(f"{tonic} {scale}" for scale in _SCALES for tonic in _TONICS),
    ),
    "meter": (
        *("4/4", "3/4", "2/4", "6/8", "2/2", "12/8", "9/8", "3/8", "5/4", "7/8", "6/4", "3/2"),
        *("7/4", "5/8", "4/8", "4/2", "8/8", "10/8", "11/8"),
    ),
    "parts": (*_PLAYERS, *(each.word for each in (*INSTRUMENTS, DRUMS))),
    "form": (
        *("AABA", "ABA", "ABAB", "AABB", "ABAC", "ABCA", "AA'BA", "ABA'", "AB", "AAB", "ABACA"),
        *("AABBA", "AABBCC", "ABCB", "ABCD", "AA'A", "AABBCCDD"),
    ),
}


def suggestions(name: str, typed: str, limit: int = 25) -> list[str]:
    """Offer at most `limit` values for a wish of which so much is typed, the best first.

    Each can be wished as it stands. Of parts only the last of the list is completed. There are
    none for an unknown wish, nor where nothing similar is known.
    """
    if len(typed) > MAX_CHARS:
        return []
    before, comma, last = typed.rpartition(",") if name == "parts" else ("", "", typed)
    begun = " ".join(last.split())
    company = f"{before.strip()}{comma} " if comma else ""
    found = [company + each for each in _ranked(name, begun)]
    return [each for each in dict.fromkeys(found) if len(each) <= MAX_CHARS][:limit]


def _ranked(name: str, typed: str) -> list[str]:
    """List what begins as typed, what is meant, what contains it, what resembles it."""
    offered = _bars(typed) if name == "range" else _offered(name)
    plain = typed.lower()
    begins = [each for each in offered if each.lower().startswith(plain)]
    if not plain or name == "range":
        return [*begins, *_meant(name, typed)]
    contains = [each for each in offered if plain in each.lower()]
    resembles = get_close_matches(plain, offered, n=5, cutoff=0.6)
    return [*begins, *_meant(name, typed), *contains, *resembles]


def _offered(name: str) -> Sequence[str]:
    wish = BY_NAME.get(name)
    return _OFFERED.get(name) or (wish and (wish.choices or tuple(wish.words))) or ()


def _meant(name: str, typed: str) -> Iterable[str]:
    """Write what is understood already as it is usually written: "Dm" is D minor."""
    with suppress(RequestRefused):
        return [_WRITTEN[name](typed)] if name in _WRITTEN else []
    return []


def _written_key(typed: str) -> str:
    key, scale = theory.parse_key(typed)
    return f"{theory.key_name(key).split()[0]} {scale.name}"


def _written_range(typed: str) -> str:
    first, past = parse_range(typed)
    return f"{past}" if past == first + 1 else f"{first + 1}-{past}"


def _bars(typed: str) -> list[str]:
    """List ranges that begin where the typed one does: phrases of four bars, eight and others."""
    if not typed:
        return ["1-4", "5-8", "9-12", "13-16", "1-8", "9-16", "1-16"]
    start = typed.partition("-")[0].strip()
    first = int(start) if start.isdecimal() else 0
    if not 1 <= first <= MAX_BARS:
        return []
    lasts = (first + bars - 1 for bars in (4, 8, 2, 16, 12, 6, 3, 5))
    return [*(f"{first}-{last}" for last in lasts if last <= MAX_BARS), f"{first}"]


_WRITTEN: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "key": _written_key,
        "meter": lambda typed: str(theory.parse_meter(typed)),
        "parts": lambda typed: parse_part(typed).word,
        "range": _written_range,
    }
)
