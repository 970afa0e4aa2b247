"""The people of one jam: who presses what, from nothing but what the chat shows them."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.card import Card, Look, Step, deed, read

NAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal")
HOST = 0
PATIENCE_S = 15.0  # then whoever sees nothing come of a press presses once more
MEDDLE_S = 2.0  # between two presses of those whose turn it is not
AGAIN, VOTE, UNDO = 0.15, 0.15, 0.1  # how often a take is dealt with so; else it is kept
OF_THE_TURN = {"play", "busier", "calmer", "pass", "keep", "roll"}  # for one player alone
OF_THE_HOST = {"begin", "way", "finish"}

Wish = tuple[int, str]  # a player, and a button by what it carries; "" where it is not there


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody presses, of a message as they see it."""

    jam: int
    player: int
    message: str
    data: str
    is_out_of_turn: bool = False  # it is not theirs to press


def name_of(jam: int, player: int) -> str:
    """Name somebody; no two have the same name."""
    return f"{NAMES[player]}{jam}"


class Band:
    """The people of one jam; `see` what the chat shows, do what is `due`."""

    def __init__(self, jam: int, players: int, wait_s: float = 0.0) -> None:
        """Let so many people come together, who look at a card for a while before they press."""
        self.jam, self._wait_s = jam, wait_s
        self._names = [name_of(jam, player) for player in range(players)]
        self._card: Look | None = None
        self._pressed_s: dict[tuple[int, str], float] = {}
        self._meddled_s = 0.0
        self._dice = random.Random(jam)
        self._has_piece = False

    @property
    def is_done(self) -> bool:
        """Whether the card says that it is over and the piece is there."""
        is_over = self._card is not None and read(self._card.words).step is Step.OVER
        return is_over and self._has_piece

    def see(self, look: Look) -> None:
        """See a message that is new, or has changed."""
        self._has_piece = self._has_piece or look.is_piece
        if look.is_card:
            self._card = look

    def due(self, now_s: float) -> list[Press]:
        """Tell what people want to press now; each button once, and again when nothing comes."""
        if self._card is None or now_s - self._card.at_s < self._wait_s:
            return []
        shown = self._card
        wished = [(player, data) for player, data in self._wishes(shown, now_s) if data]
        return [
            Press(self.jam, player, shown.message, data)
            for player, data in wished
            if now_s - self._pressed_s.get((player, data), -math.inf) >= PATIENCE_S
        ]

    def pressed(self, press: Press, now_s: float) -> None:
        """Note that a press went out."""
        if not press.is_out_of_turn:
            self._pressed_s[press.player, press.data] = now_s

    def meddling(self, now_s: float) -> list[Press]:
        """Tell what somebody presses just now that is not theirs, if anything."""
        if self._card is None or now_s - self._meddled_s < MEDDLE_S:
            return []
        self._meddled_s = now_s
        shown, whose = self._card, read(self._card.words).whose
        theirs = {data: self._owner(data, whose) for data in shown.buttons}
        wrong = [
            (player, data)
            for data, owner in theirs.items()
            for player in range(len(self._names))
            if owner is not None and owner != player
        ]
        if not wrong:
            return []
        player, data = self._dice.choice(wrong)
        return [Press(self.jam, player, shown.message, data, is_out_of_turn=True)]

    def _owner(self, data: str, whose: str) -> int | None:
        """Tell whose button it is; None where it is nobody's, or anybody's."""
        name, _ = deed(data)
        if name in OF_THE_HOST:
            return HOST
        return self._player(whose) if name in OF_THE_TURN else None

    def _player(self, name: str) -> int | None:
        return self._names.index(name) if name in self._names else None

    # What they want.

    def _wishes(self, look: Look, now_s: float) -> list[Wish]:
        card, buttons = read(look.words), look.buttons
        whose, wishes = self._player(card.whose), list[Wish]()
        if card.step is Step.LOBBY:
            wishes = self._gathering(card, buttons)
        elif card.step is Step.VOTING:
            wishes = [(each, button("for", buttons)) for each in range(len(self._names))]
        elif card.step is Step.TURN and whose is not None:
            wishes = [self._turn(card, whose, buttons, now_s)]
        elif card.step is Step.HEARING and whose is not None:
            wishes = [(whose, self._judgement(buttons))]
        return wishes

    def _gathering(self, card: Card, buttons: Sequence[str]) -> list[Wish]:
        """Come in, each on a seat of their own where there are seats; then begin."""
        absent = [at for at, name in enumerate(self._names) if name not in card.players]
        seats = [each for each in buttons if deed(each)[0] == "seat"]
        places = seats or [button("join", buttons)] * len(absent)
        begin = [] if absent else [(HOST, button("begin", buttons))]
        return [*zip(absent, places, strict=False), *begin]

    def _turn(self, card: Card, whose: int, buttons: Sequence[str], now_s: float) -> Wish:
        """Play; now and then whoever played before wants their take back first."""
        play, undo = button("play", buttons), button("undo", buttons)
        before = self._player(card.last)
        if undo and before is not None and self._whim(play) < UNDO:
            since_s = self._pressed_s.setdefault((before, play), now_s)
            if now_s - since_s < PATIENCE_S:  # the others let them
                return before, undo
        return whose, play

    def _judgement(self, buttons: Sequence[str]) -> str:
        """Keep a take, have another, or ask everybody."""
        keep, again, ask = (button(each, buttons) for each in ("keep", "roll", "ask"))
        whim = self._whim(keep)
        if again and whim < AGAIN:
            return again
        if ask and whim > 1 - VOTE:
            return ask
        return keep

    def _whim(self, data: str) -> float:
        """Draw a number, 0..1, always the same for the same turn and roll."""
        return random.Random(f"{self.jam} {deed(data)[1]}").random()


def button(name: str, buttons: Sequence[str]) -> str:
    """Find a button by what it does; "" where there is none."""
    return next((each for each in buttons if deed(each)[0] == name), "")
