"""What people saw of their jams: one with all that came of it, and all jams of one platform."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.load.band import Press
from tests.load.card import Look, deed

MINUTE_S = 60.0
FINISHED = "🏁 Finished."
SOUND = ".mp3"  # each piece names its files after itself
_NUMBER = re.compile(r" \([0-9a-f]{6}\)$")
ASKING = {"play", "roll"}  # buttons that have a take composed
NODS = frozenset(  # what is said to one person when their press has done something
    {
        *("You play along.", "You are in already.", "Off we go.", "It is being composed."),
        *("Laid down.", "Taken back: it is your turn again.", "All may vote now."),
        *("Counted: for it.", "Counted: against it.", "Agreed.", "Passed on.", "That was it."),
    }
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press with its answer; times are in seconds of the monotonic clock."""

    press: Press
    at_s: float
    answered_s: float | None = None
    told: str = ""  # to whoever pressed, alone

    @property
    def refusal(self) -> str:
        """Why it did nothing, as they were told, without the number that the log has, too."""
        return "" if self.told in NODS else _NUMBER.sub("", self.told)


@dataclass(frozen=True, slots=True)
class JamOutcome:
    """What came of one jam."""

    finished_s: float | None = None  # the card said so
    pieces_s: tuple[float, ...] = ()  # each message that handed over a piece
    takes: int = 0  # that the card offered to keep
    waits_s: tuple[float, ...] = ()  # from the press that asked for a take to that offer
    sounds: int = 0  # that were there, each of another piece
    edits_a_minute: int = 0  # at most, in the chat
    messages_a_minute: int = 0
    last_words: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether there was no piece."""
        return not self.pieces_s

    @property
    def is_doubled(self) -> bool:
        """Whether the piece came more than once."""
        return len(self.pieces_s) > 1


@dataclass(frozen=True, slots=True)
class JamAccount:
    """What a chat's own record tells of its jams."""

    chat: str
    outcomes: Mapping[int, JamOutcome]  # by the number of the jam
    presses: tuple[Pressed, ...]
    too_many: int  # answers 429
    flood: int  # calls over a limit
    violations: tuple[str, ...]

    @property
    def lost(self) -> dict[int, JamOutcome]:
        """All jams without a piece, by their numbers."""
        return {jam: each for jam, each in self.outcomes.items() if each.is_lost}

    @property
    def doubled(self) -> dict[int, JamOutcome]:
        """All jams whose piece came more than once, by their numbers."""
        return {jam: each for jam, each in self.outcomes.items() if each.is_doubled}

    @property
    def stale(self) -> dict[int, JamOutcome]:
        """All jams whose piece came while their card never said that it was over."""
        left = {jam: each for jam, each in self.outcomes.items() if each.finished_s is None}
        return {jam: each for jam, each in left.items() if not each.is_lost}

    @property
    def unanswered(self) -> list[Pressed]:
        """All presses at which the app showed a clock until it gave up."""
        return [each for each in self.presses if each.answered_s is None]

    @property
    def upsetting(self) -> list[Pressed]:
        """All presses out of turn that did something, or of which nobody was told why not."""
        out_of_turn = (each for each in self.presses if each.press.is_out_of_turn)
        return [each for each in out_of_turn if not each.refusal]

    @property
    def is_clean(self) -> bool:
        """Whether each jam came to its end and one piece, and the platform had no objection."""
        wrong = self.lost or self.doubled or self.stale
        upset = self.unanswered or self.upsetting
        return not (wrong or upset or self.too_many or self.flood or self.violations)


def outcomes_of(
    jams: int, looks: Iterable[Look], presses: Iterable[Pressed]
) -> dict[int, JamOutcome]:
    """Read what each jam came to, those of which nothing was ever seen among them."""
    seen: list[list[Look]] = [[] for _ in range(jams)]
    for look in looks:
        seen[look.jam].append(look)
    pressed: list[list[Pressed]] = [[] for _ in range(jams)]
    for press in presses:
        pressed[press.press.jam].append(press)
    return {jam: outcome_of(seen[jam], pressed[jam]) for jam in range(jams)}


def outcome_of(looks: Sequence[Look], presses: Sequence[Pressed]) -> JamOutcome:
    """Read what one jam came to, from all that its chat showed, in its order."""
    cards = [each for each in looks if each.is_card]
    firsts: dict[str, float] = {}  # when each message was first seen
    pieces: dict[str, float] = {}
    edits: list[float] = []
    for look in looks:
        if look.is_private:
            continue
        if look.message in firsts:
            edits.append(look.at_s)
        firsts.setdefault(look.message, look.at_s)
        if look.is_piece:
            pieces.setdefault(look.message, look.at_s)
    offers = _offers(cards)
    names = {name for look in looks for name in look.files}
    return JamOutcome(
        finished_s=next((each.at_s for each in cards if FINISHED in each.words), None),
        pieces_s=tuple(sorted(pieces.values())),
        takes=len(offers),
        waits_s=_waits_s(offers, presses),
        sounds=sum(name.endswith(SOUND) for name in names),
        edits_a_minute=most_a_minute(edits),
        messages_a_minute=most_a_minute(firsts.values()),
        last_words=cards[-1].words if cards else "",
    )


def _offers(cards: Iterable[Look]) -> dict[tuple[int, ...], float]:
    """Tell by turn and roll when each take could first be kept."""
    offers: dict[tuple[int, ...], float] = {}
    for card in cards:
        for name, numbers in map(deed, card.buttons):
            if name == "keep":
                offers.setdefault(numbers, card.at_s)
    return offers


def _waits_s(
    offers: Mapping[tuple[int, ...], float], presses: Iterable[Pressed]
) -> tuple[float, ...]:
    """Tell how long after it was asked for each take could be kept; from the first press for it."""
    asked: list[tuple[int, float]] = []
    for each in presses:
        name, numbers = deed(each.press.data)
        if name in ASKING and not each.press.is_out_of_turn:
            asked.append((numbers[0], each.at_s))
    waits: dict[tuple[int, ...], float] = {}
    for turn, at_s in sorted(asked, key=lambda one: one[1]):
        later = [(offers[take], take) for take in offers if take[0] == turn]
        offer = min(((offered, take) for offered, take in later if offered >= at_s), default=None)
        if offer:
            waits.setdefault(offer[1], offer[0] - at_s)
    return tuple(waits.values())


def most_a_minute(times_s: Iterable[float]) -> int:
    """Count the most that ever fell into one minute."""
    ordered, most, first = sorted(times_s), 0, 0
    for last, at_s in enumerate(ordered):
        while ordered[first] <= at_s - MINUTE_S:
            first += 1
        most = max(most, last - first + 1)
    return most
