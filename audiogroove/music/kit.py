"""Where each stroke of a drum kit is written, and with which head."""

from collections.abc import Mapping
from types import MappingProxyType

from audiogroove.music.instruments import DRUM_KEYS

# Where on the percussion staff a stroke is written, and with which head: (place, head). The
# common ones as in Weinberg, "Guide to Standardized Drumset Notation", 1998; the others have
# places of their own, so that what is written can be read back.
_KIT = {
    35: ("E4", "normal"), 36: ("F4", "normal"), 37: ("C5", "x"), 38: ("C5", "normal"),
    39: ("C5", "diamond"), 40: ("C5", "square"), 41: ("G4", "square"), 42: ("G5", "x"),
    43: ("G4", "normal"), 44: ("D4", "x"), 45: ("A4", "normal"), 46: ("G5", "circle-x"),
    47: ("B4", "normal"), 48: ("D5", "normal"), 49: ("A5", "x"), 50: ("E5", "normal"),
    51: ("F5", "x"), 52: ("A5", "circle-x"), 53: ("F5", "diamond"), 54: ("E5", "x"),
    55: ("A5", "diamond"), 56: ("E5", "diamond"), 57: ("B5", "x"), 59: ("F5", "circle-x"),
}  # fmt: skip
_PLACES = ("D4", "E4", "F4", "G4", "A4", "B4", "C5", "D5", "E5", "F5", "G5", "A5", "B5")
_HEADS = (  # those first that engravers' programs draw unlike a drum's
    "cross", "x", "diamond", "circle-x", "square", "triangle", "left triangle", "back slashed",
    "slashed", "inverted triangle", "arrow up", "arrow down",
)  # fmt: skip


def _drum_signs() -> dict[int, tuple[str, str]]:
    taken = set(_KIT.values())
    free = [sign for sign in ((p, h) for h in _HEADS for p in _PLACES) if sign not in taken]
    others = sorted(set(range(128)) - set(_KIT), key=lambda key: (key not in DRUM_KEYS, key))
    return _KIT | dict(zip(others, free, strict=False))


DRUM_SIGNS: Mapping[int, tuple[str, str]] = MappingProxyType(_drum_signs())

_SNARE = 38
_KEYS = {sign: key for key, sign in DRUM_SIGNS.items()}


def drum_key(place: str, head: str) -> int:
    """Read which percussion key a sign stands for; one that is not ours is a snare drum."""
    return _KEYS.get((place, head), _SNARE)
