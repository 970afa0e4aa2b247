"""A jam's card as people see it in their chat."""

import re
from dataclasses import dataclass
from enum import Enum, auto

PIECE = ".mid"

_CARD = re.compile(r"🎶 Jam no\. \d+ · .+ bpm")
_PLAYERS = re.compile(r"^Players: (.+)$", re.MULTILINE)
_LAID = re.compile(r"^Laid down: (.+)$", re.MULTILINE)
_NOTE = re.compile(r" \([^)]*\)")


class Step(Enum):
    """What a card says is going on."""

    LOBBY = auto()
    TURN = auto()
    TAKING = auto()
    HEARING = auto()
    VOTING = auto()
    OVER = auto()


_STEPS = {
    Step.TURN: re.compile(r"^▶ (.+), it is your turn", re.MULTILINE),
    Step.TAKING: re.compile(r"^✍ .+ by (.+): ", re.MULTILINE),
    Step.HEARING: re.compile(r"^🎧 (.+), do you keep it\?", re.MULTILINE),
    Step.VOTING: re.compile(r"^🗳 All vote on .+ by (.+): \d", re.MULTILINE),
    Step.LOBBY: re.compile(r"^(Who joins in\?)", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What one message of AudioGroove's looked like from `at_s` on, to the people of one jam."""

    at_s: float
    jam: int
    message: str  # its id
    words: str
    buttons: tuple[str, ...] = ()  # what they carry: "1:jam:k3v9x2m4qa:keep.7.2"
    files: tuple[str, ...] = ()  # by name
    is_private: bool = False  # one person alone sees it

    @property
    def is_card(self) -> bool:
        """Whether it is a jam's card."""
        return _CARD.match(self.words) is not None

    @property
    def is_piece(self) -> bool:
        """Whether it hands over a piece."""
        return any(name.endswith(PIECE) for name in self.files)


@dataclass(frozen=True, slots=True)
class Card:
    """What the words of a card say."""

    step: Step
    whose: str  # turn or take it is about; "" in the lobby and at the end
    players: tuple[str, ...]
    last: str  # who laid down the last take


def read(words: str) -> Card:
    """Read a card."""
    step, whose = Step.OVER, ""
    for each, pattern in _STEPS.items():
        if said := pattern.search(words):
            step, whose = each, "" if each is Step.LOBBY else said[1]
    players, laid = _PLAYERS.search(words), _LAID.search(words)
    names = _NOTE.sub("", players[1]).split(", ") if players else []
    takes = _NOTE.sub("", laid[1]).split(", ") if laid else []
    return Card(step, whose, tuple(names), takes[-1].rpartition(" ")[0] if takes else "")


def deed(data: str) -> tuple[str, tuple[int, ...]]:
    """Tell what a button does, and the turn and roll it is for: "keep", (7, 2)."""
    name, *numbers = data.rpartition(":")[2].split(".")
    return name, tuple(int(each) for each in numbers)
