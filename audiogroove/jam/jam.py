"""A jam as one frozen value: who plays, whose turn it is, what is laid down.

    LOBBY ──▶ TURN ──▶ TAKING ──▶ HEARING ──▶ TURN of the next … ──▶ FINISHED
      │         ▲         │        │  ▲  │
      │         └─failed──┘        ▼  │  └─ once more: TAKING
      │                          VOTING
      └──▶ EXPIRED, CANCELLED

Every phase but the last three ends by itself at a time that is set when it begins.
Times are seconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum

from audiogroove.jam.settings import Settings

MAX_ROLLS = 4  # takes of one turn: the first, and three more
FORGOTTEN = "forgotten:"  # begins the key of a player who is no longer known


class Phase(StrEnum):
    """What a jam waits for."""

    LOBBY = "lobby"  # players
    TURN = "turn"  # one of them to play
    TAKING = "taking"  # the composer
    HEARING = "hearing"  # the player, to keep the take or not
    VOTING = "voting"  # all players, to do that together
    FINISHED = "finished"
    EXPIRED = "expired"  # the time was over with nothing laid down
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self in {Phase.FINISHED, Phase.EXPIRED, Phase.CANCELLED}


class Kind(StrEnum):
    """How a take came to be."""

    PLAYED = "played"  # composed at its player's wish
    STOOD_IN = "stood_in"  # composed because they were away
    BROUGHT = "brought"  # a file of theirs


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who plays, or did."""

    key: str  # names them on all platforms
    name: str  # as shown; no two in a jam have the same
    seat: int | None = None  # in parts, their place among the settings' seats
    misses: int = 0  # turns in a row that they let pass
    is_parked: bool = False  # they are passed over until they come back
    has_left: bool = False

    @property
    def is_active(self) -> bool:
        """Whether their turn comes."""
        return not (self.is_parked or self.has_left)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and how far they are with it."""

    number: int  # 1.. in the whole jam; after an undo a new one
    round: int  # 1..
    player: str  # their key
    roll: int = 0  # takes that were begun, 0..MAX_ROLLS
    density: str | None = None  # of the take that is being composed
    is_stand_in: bool = False  # the one who should play is away
    is_given_back: bool = False  # by an undo
    has_failed: bool = False  # nothing came of its last take


@dataclass(frozen=True, slots=True)
class Take:
    """What one turn came to."""

    turn: int
    roll: int  # 1..MAX_ROLLS
    round: int
    player: str  # their key
    kind: Kind
    piece: str  # the id of all that is laid down, with this take
    first_bar: int  # of the new bars, half-open
    past_bar: int
    seat: int | None = None
    is_second: bool = False  # played after an undo: it is not undone again


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a jam is: at most one is open in a chat, or in one of its topics."""

    platform: str
    chat: str  # the chat's key
    topic: str = ""  # "" is the chat itself


@dataclass(frozen=True, slots=True)
class Jam:
    """One jam; `audiogroove.jam.session` has the moves."""

    id: str  # unguessable: whoever knows it may watch
    spot: Spot  # where it was opened
    settings: Settings
    host: str  # a player's key, the last one's when all have left
    players: tuple[Player, ...]  # in the order of their turns, those who left among them
    created_s: float
    deadline_s: float  # when its phase ends by itself
    ends_s: float  # when it ends by itself
    phase: Phase = Phase.LOBBY
    number: int = 0  # among the jams of its chat, from 1; 0 before it is kept
    version: int = 0  # counts the moves
    turns: int = 0  # turns that were begun
    turn: Turn | None = None  # from TURN to VOTING
    take: Take | None = None  # that is being judged, in HEARING and VOTING
    takes: tuple[Take, ...] = ()  # that are laid down, the oldest first
    votes: tuple[tuple[str, bool], ...] = ()  # by key, each player once
    is_voted: bool = False  # the take that is judged was put to the vote before
    origin: str = ""  # the id of the piece of an earlier jam that this one goes on from
    origin_bars: int = 0
    home: str = ""  # the topic or thread that was made for it, where one was

    @property
    def active(self) -> tuple[Player, ...]:
        """Those whose turn comes."""
        return tuple(player for player in self.players if player.is_active)

    @property
    def laid(self) -> str:
        """The id of the piece that is laid down; "" for none."""
        return self.takes[-1].piece if self.takes else self.origin

    @property
    def heard(self) -> str:
        """The id of the piece that is to be heard now: with the take that is judged."""
        return self.take.piece if self.take else self.laid

    def player(self, key: str) -> Player | None:
        """Find a player, also one who left."""
        return next((player for player in self.players if player.key == key), None)

    @property
    def bars(self) -> int:
        """How many bars are laid down."""
        return self.takes[-1].past_bar if self.takes else self.origin_bars
