"""Wishes by their names: "style:ragtime", "tempo = 96", "top_k 40", "in the style of Chopin"."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from audiogroove.errors import RequestRefused
from audiogroove.typed import lexicon, spans
from audiogroove.typed.keys import key
from audiogroove.typed.lexicon import FILLER, NAMES
from audiogroove.typed.spans import Span, compiled
from audiogroove.wishes import BY_NAME, WISHES, Wish
from audiogroove.wishes.presets import WORDS as PRESET_WORDS


class Place(NamedTuple):
    """Where reading has come to, and what was found before."""

    text: str
    at: int
    found: Mapping[str, str]


class Read(NamedTuple):
    """What a rule took: up to where, which wish (or FILLER), and how it was typed."""

    end: int
    name: str = FILLER
    value: str = ""


_WITHOUT_GAPS = {name.replace(" ", ""): wish for name, wish in NAMES.items()}
_OWN_NAMES = frozenset(wish.name.replace("_", "") for wish in WISHES)
_ANY_NAME = "|".join(sorted(NAMES, key=len, reverse=True)).replace(" ", r"[\s_-]*")
_NAME = compiled(rf"({_ANY_NAME})(?![\w'])\s*([:=])?\s*(?:(?:of|is|at|for|with|the)\s+)*")
_ONE_WORD = re.compile(r"[^\s,;\"]+")


def named(place: Place) -> Read | None:
    """Read a name with its value; without one, where it only follows its wish: "jazz style".

    A name after which there is nothing is refused with `RequestRefused`.
    """
    match = _NAME.match(place.text, place.at)
    if not match:
        return None
    typed = re.sub(r"[\s_-]", "", match[1].lower())
    name = _WITHOUT_GAPS[typed]
    value = _value(name, place.text, match.end())
    if value and (match[2] or name not in place.found or value.said[:1].isdigit()):
        return Read(value.end, name, value.said)
    if match[2] or (typed in _OWN_NAMES and name not in place.found):
        return _without_sense(place.text, match, name)
    return Read(match.end(1))


def _without_sense(text: str, match: re.Match[str], name: str) -> Read:
    """Read a name after which its value should stand, and does not.

    Raises:
        RequestRefused: when nothing stands there.
    """
    if name == "strict_key" and not match[2]:
        return Read(match.end(1), name, "yes")
    word = _ONE_WORD.match(text, match.end())
    if not word:
        possible = f"a value, as in {name}:{BY_NAME[name].example}"
        raise RequestRefused(name, asked="", possible=possible)
    if not match[2] and spans.longest_run(text, match.end(), lexicon.is_known):
        return Read(match.end(1))  # as in "key please"
    return Read(word.end(), name, word[0])  # refused later on, with what is possible


# What stands for a value.

_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']+)'(?=[\s,;]|$)")
_NUMBER = compiled(r"([+-]?(?:\d+(?:\.\d+)?|\.\d+))(?![\w/])(?:\s*bpm\b(?!\s*[:=\d]))?")
_METER = compiled(r"(\d+\s*/\s*\d+|common|cut|alla\s+breve)\b(?:\s+time\b)?")
_RANGE = compiled(r"(\d+(?:\s*(?:-|:|\.\.+|to|through|until)\s*\d+)?)\b")
_NOTE_A = compiled(r"(a)(?![\w'])")
_YES_OR_NO = frozenset({"yes", "no", "on", "off", "true", "false"})


def _value(name: str, text: str, at: int) -> Span | None:
    if quoted := _QUOTED.match(text, at):
        return Span(quoted.end(), " ".join((quoted[1] or quoted[2] or "").split()))
    return _VALUES[name](text, at)


def _matched(pattern: re.Pattern[str], text: str, at: int) -> Span | None:
    match = pattern.match(text, at)
    return Span(match.end(), " ".join(match[1].split())) if match else None


def _range(text: str, at: int) -> Span | None:
    match = _RANGE.match(text, at)
    return Span(match.end(), "-".join(re.findall(r"\d+", match[1]))) if match else None


def _key(text: str, at: int) -> Span | None:
    return key(text, at) or _matched(_NOTE_A, text, at)  # here it is no article


def _style(text: str, at: int) -> Span | None:
    known = ((end, lexicon.style_of(run)) for end, run in spans.runs(text, at))
    return next((Span(end, style) for end, style in known if style), None)


def _word(wish: Wish, text: str, at: int) -> Span | None:
    return spans.longest_run(text, at, lambda run: run in wish.words or run in wish.choices)


def _number(wish: Wish, text: str, at: int) -> Span | None:
    return _matched(_NUMBER, text, at) or _word(wish, text, at)


_VALUES: Mapping[str, Callable[[str, int], Span | None]] = {
    **{wish.name: partial(_number, wish) for wish in WISHES if wish.kind in {"number", "whole"}},
    "style": _style,
    "key": _key,
    "strict_key": lambda text, at: spans.longest_run(text, at, _YES_OR_NO.__contains__),
    "meter": partial(_matched, _METER),
    "range": _range,
    "parts": spans.players,
    "density": partial(_word, BY_NAME["density"]),
    "form": spans.form,
    "preset": lambda text, at: spans.longest_run(text, at, PRESET_WORDS.__contains__),
}
