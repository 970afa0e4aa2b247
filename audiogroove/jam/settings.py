"""What is agreed before a jam begins, and is fixed from then on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from audiogroove.errors import RequestRefused
from audiogroove.music.instruments import Instrument, parse_part
from audiogroove.music.piece import MAX_MELODIC_PARTS, TEMPO_RANGE_BPM, Key, Meter

MAX_BARS = 16  # of one turn
MAX_ROUNDS = 8
MAX_FORM = 16  # sections
MAX_PLAYERS = 8

_FORM = re.compile(r"[A-H]{2,16}")


class Way(StrEnum):
    """How a group makes one piece of many turns."""

    SECTIONS = "sections"  # each turn goes on with the piece
    PARTS = "parts"  # each player has an instrument of their own, over the same bars


@dataclass(frozen=True, slots=True)
class Pace:
    """How long everything waits for people."""

    lobby_s: float
    join_s: float  # by which each who joins makes the lobby longer …
    longest_lobby_s: float  # … up to this
    turn_s: float
    hearing_s: float
    vote_s: float
    whole_s: float  # from the beginning to the end
    composing_s: float = 300.0  # then a take is given up; no player can hurry it


MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0
LIVE, SLOW = "live", "slow"
PACES: Mapping[str, Pace] = MappingProxyType(
    {
        LIVE: Pace(3 * MINUTE_S, 30.0, 10 * MINUTE_S, 2 * MINUTE_S, 90.0, 45.0, 2 * HOUR_S),
        SLOW: Pace(DAY_S, 0.0, DAY_S, 12 * HOUR_S, 12 * HOUR_S, 12 * HOUR_S, 14 * DAY_S),
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the band.

    Raises:
        RequestRefused: on construction, when the instrument is none.
    """

    role: str  # "melody", or the instrument once more where it was asked for by name
    word: str  # the instrument's, as `parse_part` reads it

    def __post_init__(self) -> None:
        parse_part(self.word)

    @property
    def part(self) -> Instrument:
        """What is played there."""
        return parse_part(self.word)

    @property
    def label(self) -> str:
        """What people call it: "melody (sax)", or just "violin"."""
        return self.word if self.role == self.word else f"{self.role} ({self.word})"


def _check(field: str, asked: object, fine: bool, possible: str) -> None:  # noqa: FBT001
    if not fine:
        raise RequestRefused(field, asked=asked, possible=possible)


@dataclass(frozen=True, slots=True)
class Settings:
    """What everybody plays to.

    Raises:
        RequestRefused: on construction, when it asks the impossible.
    """

    way: Way
    style: str
    key: Key
    tempo_bpm: float
    meter: Meter
    bars: int = 4  # of one turn; in parts, of the whole piece
    rounds: int = 2  # how often everybody's turn comes
    form: str | None = None  # such as AABA; in sections, one letter a turn, and it ends the jam
    pace: str = LIVE  # a name in PACES
    seats: tuple[Seat, ...] = ()  # in parts, who can be in the band; 1..MAX_PLAYERS
    ensemble: tuple[str, ...] = ()  # in sections, the instruments; none is the style's custom

    def __post_init__(self) -> None:
        low, high = TEMPO_RANGE_BPM
        possible = f"{low:g} to {high:g} beats a minute"
        _check("tempo", f"{self.tempo_bpm:g}", low <= self.tempo_bpm <= high, possible)
        _check("bars", self.bars, 1 <= self.bars <= MAX_BARS, f"1 to {MAX_BARS} bars a turn")
        _check("rounds", self.rounds, 1 <= self.rounds <= MAX_ROUNDS, f"1 to {MAX_ROUNDS} rounds")
        _check("pace", self.pace, self.pace in PACES, " or ".join(PACES))
        if self.form is not None:
            possible = f"2 to {MAX_FORM} letters from A to H, such as AABA"
            _check("form", self.form, _FORM.fullmatch(self.form) is not None, possible)
        if self.way is Way.PARTS:
            self._check_band()

    def _check_band(self) -> None:
        told = ", ".join(seat.word for seat in self.seats) or "none"
        drums = sum(seat.part.is_drums for seat in self.seats)
        fits = 1 <= len(self.seats) <= MAX_PLAYERS <= MAX_MELODIC_PARTS and drums <= 1
        _check("parts", told, fits, f"1 to {MAX_PLAYERS} instruments, one of them drums")
        if self.form:
            possible = f"one whose number of letters divides {self.bars} bars"
            _check("form", self.form, self.bars % len(self.form) == 0, possible)

    @property
    def waits(self) -> Pace:
        """How long everything waits for people."""
        return PACES[self.pace]
