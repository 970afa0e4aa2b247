"""From wishes as they were typed to a request, or to the reason why not."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import partial
from types import MappingProxyType
from typing import Any

from audiogroove.errors import RequestRefused, WishUnknown
from audiogroove.music import theory
from audiogroove.music.instruments import Instrument, parse_part
from audiogroove.music.piece import Piece
from audiogroove.music.styles import parse_style
from audiogroove.request import DEFAULT_BARS, ComposeRequest, Mode, Sampling, parse_range
from audiogroove.wishes.presets import parse_preset
from audiogroove.wishes.table import BY_NAME, WISHES, Wish

MAX_WISH_CHARS = 500
FLAG_WORDS: Mapping[str, bool] = MappingProxyType(
    dict.fromkeys(("yes", "true", "on", "1"), True)
    | dict.fromkeys(("no", "false", "off", "0"), False)
)
NOTHING: Mapping[str, str] = MappingProxyType({})

_PRIMES = str.maketrans("‘’ʼ′`´", "''''''")  # noqa: RUF001  (what phones make of an apostrophe)

Fields = dict[str, object]  # of a ComposeRequest or of its Sampling
KNOBS = tuple(each.name for each in fields(Sampling))  # each is a wish, and a preset is all


def request_of(
    mode: Mode, wishes: Mapping[str, str], *, seed: int, material: Piece | None = None
) -> ComposeRequest:
    """Make a request of wishes by their names; `seed` counts where they name none.

    A wish for nothing, "", is none. What is wished of the dice by itself refines a preset.

    Raises:
        WishUnknown: when there is no wish of such a name.
        RequestRefused: when one cannot be understood or granted.
    """
    asked: dict[str, Any] = {"seed": seed}
    for name, text in wishes.items():
        if name not in BY_NAME:
            raise WishUnknown(name, near=tuple(get_close_matches(name, BY_NAME)))
        if len(text) > MAX_WISH_CHARS:
            raise RequestRefused(name, asked=text, possible=f"up to {MAX_WISH_CHARS} characters")
        if text.strip():
            asked |= _READERS[name](text.strip())
    if asked.get("strict_scale") and "key" not in asked:
        raise RequestRefused("strict_key", asked="", possible="only together with a key")
    if "form" in asked:
        _check_form(asked["form"], asked.get("bars", DEFAULT_BARS))
    dice = {knob: asked.pop(knob) for knob in KNOBS if knob in asked}
    sampling = replace(asked.pop("sampling", Sampling()), **dice)
    return ComposeRequest(mode=mode, material=material, sampling=sampling, **asked)


def applicable(
    mode: Mode, defaults: Mapping[str, str], wished: Mapping[str, str] = NOTHING
) -> dict[str, str]:
    """Choose those of a chat's default wishes that can stand in for what was not `wished`.

    Left out is what does not belong to the mode, what is wished otherwise, and what would be
    refused, by itself or beside the wishes: nobody is refused because of a default.
    """
    beside = {name: wished[name] for name in ("key", "form") if name in wished}
    defaults = kept_beside(defaults, wished)
    chosen: dict[str, str] = {}
    for wish in WISHES:
        if mode in wish.default_in and wish.name in defaults and wish.name not in wished:
            one_more = chosen | {wish.name: defaults[wish.name]}
            if _is_possible(beside | one_more):
                chosen = one_more
    return chosen


def kept_beside(earlier: Mapping[str, str], later: Mapping[str, str]) -> dict[str, str]:
    """Keep the earlier wishes that do not get in the way of later ones.

    A preset that is wished now would hardly be heard behind a temperature of last week.
    """
    stale = KNOBS if later.get("preset", "").strip() else ()
    return {name: text for name, text in earlier.items() if name not in stale}


def _is_possible(wishes: Mapping[str, str]) -> bool:
    """Tell whether a piece that begins from nothing can be wished so."""
    try:
        request_of(Mode.COMPOSE, wishes, seed=0)
    except RequestRefused:
        return False
    return True


def _read_key(text: str) -> Fields:
    key, scale = theory.parse_key(text)
    return {"key": key, "scale": scale}


def _read_flag(text: str) -> Fields:
    if text.lower() not in FLAG_WORDS:
        raise RequestRefused("strict_key", asked=text, possible="yes or no")
    return {"strict_scale": FLAG_WORDS[text.lower()]}


def _read_parts(text: str) -> Fields:
    names = [name.strip() for name in text.split(",")]
    return {"parts": tuple(part for name in names if name for part in _players(name))}


def _players(text: str) -> list[Instrument]:
    """Read "piano", and also "bass and drums", which is no one instrument's name."""
    names = [name for name in re.split(r"\s+and\s+|[&+]", text) if name.strip()]
    if len(names) != 1:
        with suppress(RequestRefused):
            return [parse_part(text)]
    return [parse_part(name) for name in names]


def _read_form(text: str) -> Fields:
    return {"form": text.translate(_PRIMES)}


def _check_form(form: str, bars: int) -> None:
    """Refuse what `audiogroove.tokens.form` would refuse, before anybody waits for it.

    Raises:
        RequestRefused: when the text is no form, or has more sections than there are bars.
    """
    sections = len(re.findall(r"[A-Za-z]", form))
    if not re.fullmatch(r"(?:[A-Za-z]'?|[\s,-])+", form) or not 1 <= sections <= bars:
        possible = f"1 to {min(bars, 16)} letters such as AABA or AA'BA"
        raise RequestRefused("form", asked=form, possible=possible)


def _read_number(name: str, text: str) -> Fields:
    return {name: _number(name, text)}


def _number(name: str, text: str) -> float:
    """Read a number, or a word that stands for one; the request itself knows the limits.

    Raises:
        RequestRefused: when it is neither.
    """
    wish = BY_NAME[name]
    word = re.sub(r"[\s_-]+", " ", text.lower())
    if word in wish.words:
        return wish.words[word]
    plain = re.sub(r"\s*(?:bpm|beats (?:a|per) minute|bars?)$", "", text.lower())
    try:
        if wish.kind == "whole":
            return int(plain)
        return float(re.sub(r"^(\d+),(\d+)$", r"\1.\2", plain))
    except ValueError as error:
        raise RequestRefused(name, asked=text, possible=_possible(wish)) from error


def _possible(wish: Wish) -> str:
    """Say which numbers a wish takes, and some of the words."""
    shown = str if wish.kind == "whole" else "{:g}".format
    numbers = f"a number from {shown(wish.low)} to {shown(wish.high)}"
    words = [*wish.words][:: 1 + len(wish.words) // 4]
    return f"{numbers}, or a word such as {', '.join(words)}" if words else numbers


_READERS: Mapping[str, Callable[[str], Fields]] = {
    "style": lambda text: {"style": parse_style(text)},
    "key": _read_key,
    "strict_key": _read_flag,
    "tempo": lambda text: {"tempo_bpm": round(_number("tempo", text), 2)},
    "meter": lambda text: {"meter": theory.parse_meter(text)},
    "range": lambda text: {"bar_range": parse_range(text)},
    "parts": _read_parts,
    "density": lambda text: {"density": text.lower()},
    "form": _read_form,
    "preset": lambda text: {"sampling": parse_preset(text).sampling},
    **{name: partial(_read_number, name) for name in ("bars", "seed", *KNOBS)},
}
