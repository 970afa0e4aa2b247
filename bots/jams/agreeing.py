"""What a group agrees on before it plays: from what was typed, and what is customary.

"/jam start ragtime in d minor, 3 rounds, band"
     │ words of a jam              │ all others: wishes as for a piece
     ▼                             ▼
 way, rounds, pace          style, key, tempo, meter, bars, form, parts ──▶ Settings
                            what nobody wished: the style's customs, and dice
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from audiogroove.errors import RequestRefused
from audiogroove.jam.settings import LIVE, MAX_PLAYERS, Seat, Settings, Way
from audiogroove.music import theory
from audiogroove.music.piece import Key
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens.customs import Custom
from audiogroove.typed import read_typed
from audiogroove.wishes import request_of

SECTION_BARS, BAND_BARS = 4, 8
ROUNDS = 2
OWN = ("way", "rounds", "pace", "instrument")  # options that are no wishes
LEAST_PIECES = 40  # a style of which less was seen is not chosen for those who name none
TONICS = (0, 2, 4, 5, 7, 9, 10)
BLOWN = frozenset({"blues", "jazz", "lofi", "pop", "rock"})  # styles whose melodies a sax plays
OTHERS = ("guitar", "strings", "flute", "trumpet")

_WAY = re.compile(
    r"\b(?:way\s*[:=]\s*(sections|parts)|(sections|band)|in (parts|sections))\b", re.IGNORECASE
)
_ROUNDS = re.compile(r"\b(?:rounds?\s*[:=]?\s*(\d{1,3})|(\d{1,3}) rounds?)\b", re.IGNORECASE)
_PACE = re.compile(r"\b(?:pace\s*[:=]\s*(live|slow)|(slow|live) (?:jam|mode))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about a jam: its own words by name, and wishes as for a piece."""

    own: Mapping[str, str]
    wishes: Mapping[str, str]

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self.own or self.wishes)


def heard(text: str, options: Mapping[str, str]) -> Said:
    """Take what was typed and chosen apart; a word that means nothing is refused."""
    own: dict[str, str] = {}
    for name, pattern in (("way", _WAY), ("rounds", _ROUNDS), ("pace", _PACE)):
        if match := pattern.search(text):
            own[name] = next(each for each in match.groups() if each).lower()
            text = f"{text[: match.start()]} {text[match.end() :]}"
    if own.get("way") == "band":
        own["way"] = Way.PARTS
    own |= {name: value for name, value in options.items() if name in OWN}
    wishes = {name: value for name, value in options.items() if name not in OWN}
    return Said(own, read_typed(text) | wishes)


def settings_of(
    said: Said, customs: Mapping[str, Custom], seed: int, before: Settings | None = None
) -> Settings:
    """Settle everything: what was said, what was agreed `before`, then customs and dice.

    Raises:
        RequestRefused: when it asks the impossible.
    """
    dice = random.Random(seed)
    wished, form = _wished(said)
    style = wished.style or (before.style if before else _draw_style(customs, dice))
    if style not in customs:
        raise RequestRefused(
            "style", asked=said.wishes.get("style", style), possible=", ".join(sorted(customs))
        )
    way = _way(said, before)
    usual = before if before and style == before.style else _usual(customs[style], style, dice)
    agreed = replace(
        usual,
        style=style,
        key=wished.key or usual.key,
        tempo_bpm=wished.tempo_bpm or usual.tempo_bpm,
        meter=wished.meter or usual.meter,
        rounds=_number(said, "rounds", before.rounds if before else ROUNDS),
        pace=said.own.get("pace", before.pace if before else LIVE),
    )
    form = form or (before.form if before else None)
    return in_way(agreed, way, wished.bars, tuple(part.word for part in wished.parts), form)


def in_way(
    settings: Settings,
    way: Way,
    bars: int | None = None,
    words: tuple[str, ...] = (),
    form: str | None = None,
) -> Settings:
    """Make the same settings for another way to play, with what goes without saying in it."""
    is_same = settings.way is way
    usual_bars = SECTION_BARS if way is Way.SECTIONS else BAND_BARS
    common = bars or (settings.bars if is_same else usual_bars)
    if way is Way.SECTIONS:
        ensemble = words or settings.ensemble
        return replace(settings, way=way, bars=common, form=form, ensemble=ensemble, seats=())
    seats = tuple(Seat(word, word) for word in words)
    kept = settings.seats if is_same and settings.seats else usual_seats(settings.style)
    seats = seats or kept
    return replace(settings, way=way, bars=common, form=form, ensemble=(), seats=seats)


def usual_seats(style: str) -> tuple[Seat, ...]:
    """Tell who plays in a band of a style."""
    lead = "sax" if style in BLOWN else "violin"
    first = (("melody", lead), ("chords", "piano"), ("bass", "bass"), ("drums", "drums"))
    seats = [Seat(role, word) for role, word in first] + [Seat(word, word) for word in OTHERS]
    return tuple(seats[:MAX_PLAYERS])


def seat_named(settings: Settings, text: str) -> int | None:
    """Find a seat by its role or its instrument; None where nothing was named.

    Raises:
        RequestRefused: when there is no such seat.
    """
    wanted = " ".join(text.lower().split())
    if not wanted or settings.way is Way.SECTIONS:
        return None
    for at, seat in enumerate(settings.seats):
        if wanted in {seat.role, seat.word, seat.part.word}:
            return at
    told = ", ".join(seat.label for seat in settings.seats)
    raise RequestRefused("instrument", asked=text, possible=told)


def _wished(said: Said) -> tuple[ComposeRequest, str | None]:
    """Read the wishes; a form's letters are checked with the settings: they may be turns."""
    wishes = dict(said.wishes)
    form = wishes.pop("form", "").upper() or None
    return request_of(Mode.COMPOSE, wishes, seed=0), form


def _way(said: Said, before: Settings | None) -> Way:
    named = said.own.get("way")
    if named is None:
        return before.way if before else Way.SECTIONS
    if named not in set(Way):
        raise RequestRefused("way", asked=named, possible=" or ".join(Way))
    return Way(named)


def _number(said: Said, name: str, usual: int) -> int:
    text = said.own.get(name, str(usual))
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise RequestRefused(name, asked=text, possible="a number")
    return int(text)


def _usual(custom: Custom, style: str, dice: random.Random) -> Settings:
    minor = dice.random() < custom.minor_share
    return Settings(
        way=Way.SECTIONS,
        style=style,
        key=Key(dice.choice(TONICS), "minor" if minor else "major"),
        tempo_bpm=float(round(custom.tempos_bpm[1])),
        meter=theory.parse_meter(custom.meters[0][0]),
        bars=SECTION_BARS,
        rounds=ROUNDS,
    )


def _draw_style(customs: Mapping[str, Custom], dice: random.Random) -> str:
    known = sorted(name for name, custom in customs.items() if custom.pieces >= LEAST_PIECES)
    return dice.choice(known or sorted(customs))
