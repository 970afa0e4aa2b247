"""Reading typed wishes from left to right.

At each place the rules are tried in their order, and the first that knows what stands there takes
it. Words that wish for nothing are skipped; what no rule knows is refused.
"""

import re
from collections.abc import Callable

from audiogroove.errors import RequestRefused, WishUnknown
from audiogroove.music import theory
from audiogroove.music.styles import parse_style
from audiogroove.typed import lexicon, spans
from audiogroove.typed.keys import key, key_after_in
from audiogroove.typed.lexicon import FILLER, WEAK_STYLE
from audiogroove.typed.naming import Place, Read, named
from audiogroove.wishes import BY_NAME, MAX_WISH_CHARS, parse_preset

_TIDY = str.maketrans(
    dict.fromkeys("‘’‚ʼ′`´", "'")  # noqa: RUF001  (what phones make of an apostrophe)
    | dict.fromkeys("“”„«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")  # noqa: RUF001
    | {"♯": "#", "♭": "b", "♩": " tempo "}
)
_AT_A_NUMBER = re.compile(r"@(?=\s*\d)")
_SIGNS = re.compile(r"[\W_]*")
_WORD = re.compile(r"[^\s,;:=!?()\"]+")
_STYLE = re.compile(r"\s+style\b", re.IGNORECASE)


def read_typed(text: str) -> dict[str, str]:
    """Read wishes from free text: by their names, each as it was typed.

    The first word that means nothing here is refused with `WishUnknown`. Whether the wishes can
    be granted is for `audiogroove.wishes.request_of` to say.

    Raises:
        RequestRefused: when the text is too long, a value is missing or no value, or a wish is
            made twice in different ways.
    """
    if len(text) > MAX_WISH_CHARS:
        raise RequestRefused("wishes", asked=text, possible=f"up to {MAX_WISH_CHARS} characters")
    text = _AT_A_NUMBER.sub(" at ", text.translate(_TIDY))
    found: dict[str, str] = {}
    at = _after_signs(text, 0)
    while at < len(text):
        read = _read(Place(text, at, found))
        if read.name != FILLER:
            found[read.name] = _joined(read.name, found.get(read.name), read.value)
        at = _after_signs(text, read.end)
    weak_style = found.pop(WEAK_STYLE, None)
    if weak_style and found.keys().isdisjoint({"style", "parts"}):
        found["style"] = weak_style
    return found


def _after_signs(text: str, at: int) -> int:
    """Find the next letter or digit."""
    signs = _SIGNS.match(text, at)
    return signs.end() if signs else at


def _read(place: Place) -> Read:
    """Read what stands at a place.

    Raises:
        WishUnknown: when it means nothing here.
    """
    for rule in _RULES:
        if read := rule(place):
            return read
    word = _WORD.match(place.text, place.at)
    unknown = word[0].rstrip(".") if word else place.text[place.at]
    if lexicon.is_scale(lexicon.plain(unknown)):
        theory.parse_key(unknown)  # refuses a scale without a note, and shows some with one
    raise WishUnknown(unknown, near=lexicon.near(unknown))


def _joined(name: str, old: str | None, new: str) -> str:
    """Put together what is wished of one thing in two places.

    Raises:
        RequestRefused: when both cannot be.
    """
    if old is None or name == WEAK_STYLE:
        return new if old is None else old
    if name == "parts":
        return f"{old}, {new}"
    if BY_NAME[name].words and old[:1].isdigit() != new[:1].isdigit():
        return max(old, new, key=lambda typed: typed[:1].isdigit())  # "fast, 140 bpm"
    if _meant(name, old) != _meant(name, new):
        raise RequestRefused(name, asked=f"{old} and {new}", possible="one of them")
    return old


def _meant(name: str, typed: str) -> object:
    if name == "style":
        return parse_style(typed)
    if name == "key":
        return theory.parse_key(typed)
    if name == "preset":
        return parse_preset(typed)
    return BY_NAME[name].words.get(typed.lower(), typed.lower())  # "calm" and "slow" are one tempo


# Rules: what stands at a place, or None where another rule may know.


def _phrase(place: Place) -> Read | None:
    found = spans.phrase(place.text, place.at)
    return Read(found[1].end, found[0], found[1].said) if found else None


def _as(name: str, find: Callable[[str, int], spans.Span | None]) -> Callable[[Place], Read | None]:
    def rule(place: Place) -> Read | None:
        span = find(place.text, place.at)
        return Read(span.end, name, span.said) if span else None

    return rule


def _run(place: Place) -> Read | None:
    """Read "bossa nova", "upright bass", "slow", "sparse", "please"."""
    for end, run in spans.runs(place.text, place.at):
        name = lexicon.meaning_of(run)
        style = lexicon.style_of(run)
        if style and name == "parts" and _STYLE.match(place.text, end):
            name = "style"
        if name is not None:
            values = {"strict_key": "yes", "style": style or run}
            return Read(end, name, values.get(name, run))
    return None


def _long_run(place: Place) -> Read | None:
    """Read several words that mean one thing, before a key is made of the first: "e piano"."""
    read = _run(place)
    return read if read and " " in read.value else None


_RULES: tuple[Callable[[Place], Read | None], ...] = (
    _phrase,
    named,
    _as("key", key_after_in),
    _long_run,
    _as("form", spans.form),
    _as("key", key),
    _as("parts", spans.counted_players),
    _run,
)
