"""What can stand at a place of a text: numbers with their words, instruments, runs of words.

A *span* is what was found there: where it ends, and what it says. None is found otherwise.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from audiogroove.typed import lexicon

_GAP = re.compile(r"[\s_-]+")
_WORD = re.compile(r"(?!\d+\b)[^\W_]+(?:['&][^\W_]+)*")  # no numbers: they count bars or players
_SEVERAL = {
    word: str(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine"), start=2
    )
}
_NUMBERS = {
    **_SEVERAL,
    "ten": "10",
    "twelve": "12",
    "sixteen": "16",
    "twenty": "20",
    "twenty-four": "24",
    "thirty-two": "32",
}


class Span(NamedTuple):
    """Something that was found in a text."""

    end: int
    said: str


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that does not tell capitals apart."""
    return re.compile(pattern, re.IGNORECASE)


_COUNT = rf"(\d+|{'|'.join(_NUMBERS)})"
_DECIMAL = r"(\d+(?:\.\d+)?)"
_BARS = r"(?:bars?|measures?)"
_TO = r"\s*(?:-|\.\.+|to|through|thru|till|until)\s*"
_PHRASES = tuple(
    (compiled(pattern), name, written)
    for pattern, name, written in (
        (rf"{_BARS}\s*[:=]?\s*(\d+){_TO}(?:{_BARS}\s*)?(\d+)\b", "range", "{}-{}"),
        (rf"(\d+){_TO}(\d+)\b(?!\s*(?:bpm|/))", "range", "{}-{}"),
        (rf"first\s+{_COUNT}\s+{_BARS}\b", "range", "1-{}"),
        (r"(?:bar|measure)\s+(\d+)\b", "range", "{}"),
        (rf"{_COUNT}[\s-]*(?:(?:more|new|further)\s+)?{_BARS}\b", "bars", "{}"),
        (rf"(?:at\s+)?{_DECIMAL}[\s-]*(?:bpm|beats\s+(?:a|per)\s+minute)\b", "tempo", "{}"),
        (rf"at\s+{_DECIMAL}\b(?![\s-]*(?:/|{_BARS}))", "tempo", "{}"),
        (r"(\d+)\s*/\s*(\d+)\b", "meter", "{}/{}"),
        (r"(common|cut)\s+time\b", "meter", "{}"),
        (r"(alla\s+breve)\b", "meter", "{}"),
    )
)


def phrase(text: str, at: int) -> tuple[str, Span] | None:
    """Find a wish that says itself: "16 bars", "bars 5 to 8", "120 bpm", "6/8"."""
    for pattern, name, written in _PHRASES:
        if match := pattern.match(text, at):
            groups = (_NUMBERS.get(each.lower(), each) for each in match.groups())
            return name, Span(match.end(), written.format(*groups))
    return None


def runs(text: str, at: int) -> list[Span]:
    """List the runs of words that begin here, plain and the longest first."""
    ends: list[int] = []
    word = _WORD.match(text, at)
    while word and len(ends) < lexicon.LONGEST_RUN:
        ends.append(word.end())
        gap = _GAP.match(text, word.end())
        word = _WORD.match(text, gap.end()) if gap else None
    spans = [Span(end, lexicon.plain(text[at:end])) for end in reversed(ends)]
    return [span for span in spans if not _is_two_players(span.said)]


def _is_two_players(run: str) -> bool:
    """Tell "bass and lead" from "rock and roll"."""
    first, _, others = run.partition(" ")
    return "and" in others.split() and lexicon.is_part(first)


def longest_run(text: str, at: int, knows: Callable[[str], bool]) -> Span | None:
    """Find the longest run of plain words that is known."""
    return next((span for span in runs(text, at) if knows(span.said)), None)


_COUNTED = compiled(rf"([2-9]|{'|'.join(_SEVERAL)})\s+")
_AND = compiled(r"\s*(?:,|&|\+|/|and\b)\s*(?:and\b\s*)?")


def counted_players(text: str, at: int) -> Span | None:
    """Find several of one instrument: "two violins" is "violins, violins"."""
    count = _COUNTED.match(text, at)
    player = longest_run(text, count.end(), lexicon.is_part) if count else None
    if not count or not player:
        return None
    number = int(_SEVERAL.get(count[1].lower(), count[1]))
    return Span(player.end, ", ".join([player.said] * number))


def players(text: str, at: int) -> Span | None:
    """Find a list of instruments: "violin, two violas and cello"."""
    first = counted_players(text, at) or longest_run(text, at, lexicon.is_part)
    and_ = _AND.match(text, first.end) if first else None
    others = players(text, and_.end()) if and_ else None
    return Span(others.end, f"{first.said}, {others.said}") if first and others else first


_SECTION = "[A-Ha-h]'?"
_FORMS = (
    re.compile(rf"{_SECTION}(?:-?{_SECTION})+(?![\w'])"),
    re.compile(r"[A-H]'?(?:[\s,]+[A-H]'?(?![\w'])){2,}"),
)


def form(text: str, at: int) -> Span | None:
    """Find a form: "AABA", "aaba", "AA'BA", "A B A".

    As in books about music, a new letter is the next of the alphabet: that tells "AB" from a
    word. Ab is a key.
    """
    for pattern in _FORMS:
        match = pattern.match(text, at)
        letters = re.findall("[A-Za-z]", match[0]) if match else []
        new = "".join(dict.fromkeys("".join(letters).upper()))
        if match and "ABCDEFGH".startswith(new) and (len(letters) > 2 or match[0].isupper()):
            return Span(match.end(), " ".join(match[0].split()))
    return None
