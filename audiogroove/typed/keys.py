"""Keys among other words: "in D minor", "Bb", "F#m", "e dorian", but not "a waltz"."""

import re
from contextlib import suppress

from audiogroove.errors import RequestRefused
from audiogroove.music import theory
from audiogroove.typed.spans import Span, compiled

# Names of scales that are other wishes, too: "E minor blues" is a blues in E minor, "in D spanish
# guitar" no scale at all. As a value in quotation marks they are understood: key:"D spanish".
_AMBIGUOUS = {
    *("", "m", "all", "natural", "harmonic", "melodic", "spanish", "hungarian", "arabic"),
    *("byzantine", "minor blues", "major blues", "mix", "loc", "dor"),
}
_ALIASES = {alias for name, kind in theory.SCALES.items() for alias in (name, *kind.aliases)}
_TURNED = {"minor harmonic", "minor melodic", "minor natural"}
_SCALES = sorted((_ALIASES - _AMBIGUOUS) | _TURNED, key=len, reverse=True)
_SIGN = r"[#bB]|[\s-]*(?i:sharp|flat)(?![^\W_])"
_QUALITY = r"m|M|(?i:minor|major|min|maj|moll|dur)"
_SCALE = "|".join(scale.replace(" ", r"[\s-]+") for scale in _SCALES)
_KEY = re.compile(
    rf"(?P<tonic>[A-Ga-g](?:{_SIGN})?(?:{_QUALITY})?)(?![\w#'])"
    rf"(?:[\s-]+(?P<scale>(?i:{_SCALE}))(?![\w']))?"
)
# With these an "a" is a note; with others, as in "a blues" or "a chromatic run", an article.
_MODES = frozenset(
    {"major", "minor", "maj", "min", "dur", "moll", "ionian", "dorian", "phrygian", "lydian"}
    | {"mixolydian", "aeolian", "locrian"}
)
_INTRODUCTION = compiled(r"(?:\bin|\bof|\bkey|[:=])\s*$")
_ENDING = re.compile(r"\s*(?:[,.;!?]|$)")

_GERMAN = compiled(r"(ais|cis|dis|fis|gis|des|es|ges|as|h|b)[\s-]*(dur|moll)\b")
_ENGLISH = {
    "ais": "A#",
    "cis": "C#",
    "dis": "D#",
    "fis": "F#",
    "gis": "G#",
    "des": "Db",
    "es": "Eb",
    "ges": "Gb",
    "as": "Ab",
    "h": "B",
}


def key(text: str, at: int) -> Span | None:
    """Find a key, as `theory.parse_key` reads it.

    Raises:
        RequestRefused: when it is "b moll", which is not the same everywhere.
    """
    if german := _GERMAN.match(text, at):
        note, scale = german[1].lower(), german[2].lower()
        if note == "b":
            raise RequestRefused("key", asked=german[0], possible="Bb or B, with major or minor")
        return Span(german.end(), f"{_ENGLISH[note]} {scale}")
    match = _KEY.match(text, at)
    if not match or (match["tonic"] in {"a", "A"} and _is_article(match)):
        return None
    for group in (0, "tonic"):  # "Dm blues" is no key, but a blues in Dm
        with suppress(RequestRefused):
            theory.parse_key(match[group])
            return Span(match.end(group), " ".join(match[group].split()))
    return None


def key_after_in(text: str, at: int) -> Span | None:
    """Find a key that is announced as one, whatever else could stand there: "in E, guitar"."""
    return key(text, at) if _is_announced(text, at) else None


def _is_announced(text: str, at: int) -> bool:
    return bool(_INTRODUCTION.search(text, max(0, at - 8), at))


def _is_article(tonic: re.Match[str]) -> bool:
    """Tell whether an A is not meant as a note."""
    is_announced = _is_announced(tonic.string, tonic.start())
    is_capital = tonic["tonic"] == "A"
    if tonic["scale"]:
        is_note = not _MODES.isdisjoint(re.split(r"[\s-]+", tonic["scale"].lower()))
        return not is_note and not (is_capital and (is_announced or tonic.start() > 0))
    return not (is_announced and (is_capital or _ENDING.match(tonic.string, tonic.end())))
