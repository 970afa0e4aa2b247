"""What is said in any chat, whichever it is: the values and ports between chats and conversation.

    event ──adapter──▶ Ask, Line ──▶ Conversation ──▶ Reply ──adapter──▶ message
                                          │
                                          └─ later: Door.show(address, …), Door.deliver(address, …)

A `Line` is open to whoever has just spoken and lives as long as the event. What comes later, and
after a restart, goes through the platform's `Door` to an `Address`: plain JSON values of the
adapter's own making that are kept with the job.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from audiogroove.errors import AudioGrooveError
from audiogroove.service.job import Event

Address = Mapping[str, object]  # JSON values; only the adapter that made it knows what it means
Placed = Callable[[Address], Awaitable[None]]  # keeps an address for a job
NO_WISHES: Mapping[str, str] = MappingProxyType({})


_BEGIN, _END = "\ue000", "\ue001"  # of Unicode's private use: nobody types them
_MOMENT = re.compile(f"{_BEGIN}([0-9]+){_END}")
_HALF = re.compile(f"{_BEGIN}[0-9]*")


def moment(at_s: float) -> str:
    """Write a time, in seconds since 1970, into a reply's text; each platform shows it its way."""
    return f"{_BEGIN}{round(at_s)}{_END}"


def with_moments(text: str, show: Callable[[int], str]) -> str:
    """Show the times that `moment` wrote into a text; one that was cut off is left out."""
    shown = _MOMENT.sub(lambda found: show(int(found[1])), text)
    return _HALF.sub("", shown)


def clock_time(at_s: int) -> str:
    """Show a time where nobody's time zone is known: "at 21:49:05 UTC"."""
    return time.strftime("at %H:%M:%S UTC", time.gmtime(at_s))


class Verb(StrEnum):
    """What can be asked, by a command of that name, a button or a message."""

    COMPOSE = "compose"
    CONTINUE = "continue"
    VARY = "vary"
    ACCOMPANY = "accompany"
    SETTINGS = "settings"
    QUEUE = "queue"
    CANCEL = "cancel"
    STYLES = "styles"
    HELP = "help"
    FORGET = "forget"
    JAM = "jam"
    # by buttons only
    AGAIN = "again"
    LISTEN = "listen"
    SCORE = "score"
    VIDEO = "video"
    DETAILS = "details"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks. `key` names them on all platforms: "discord:42"."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Chat:
    """Where it is said. `key` names the chat on all platforms, without its topics or threads."""

    key: str
    is_private: bool  # only this person and AudioGroove
    topic: str = ""  # the topic or thread of it where it is said; "" is the chat itself


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was sent along or pointed at; nothing of it is fetched yet.

    `fetch` raises FileUnreachable when the platform will not give it, and SeedRejected when the
    adapter knows that it cannot be music.
    """

    name: str
    size_bytes: int  # as the platform says
    fetch: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that one person asks, by command, button or message."""

    id: str  # "discord.…", of the event: the same when the platform tells it twice; no colon
    verb: Verb
    person: Person
    chat: Chat
    wishes: Mapping[str, str] = field(default_factory=lambda: NO_WISHES)  # by option name, as typed
    text: str = ""  # wishes typed freely, as in "ragtime 16 bars in d minor fast"
    seed: Attachment | None = None
    subject: str = ""  # the composition (for CANCEL the job) that a button or reply belongs to
    answers: str = ""  # what names, in an address, the message of ours that is replied to
    argument: str = ""  # of a button: a bar range, an instrument, "yes"; of JAM what to do
    is_press: bool = False  # a button was pressed: a menu can be shown in its message


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; comes back as an Ask with this verb, subject and argument.

    `encoded` is what travels: at most 64 bytes, ASCII (Telegram's limit; Discord has 100).
    """

    label: str  # at most 80 characters
    verb: Verb
    subject: str = ""
    argument: str = ""
    is_grave: bool = False  # deletes something

    @property
    def encoded(self) -> str:
        """The button as text, versioned: "1:vary:k3v9x2m4qa:5-8"."""
        return f"1:{self.verb}:{self.subject}:{self.argument}"


def decode_button(encoded: str) -> tuple[Verb, str, str] | None:
    """Tell verb, subject and argument of `Button.encoded`, or None where it is not one of ours."""
    fields = encoded.split(":", 3)
    if len(fields) != 4 or fields[0] != "1" or fields[1] not in set(Verb):
        return None
    return Verb(fields[1]), fields[2], fields[3]


class Medium(StrEnum):
    """What a file is to the one who gets it, which decides how a platform shows it.

    In the order in which they are given up where a platform grants less room; the last never is.
    """

    VIDEO = "video"  # MP4
    DOCUMENT = "document"  # to be opened elsewhere, such as a score
    SOUND = "sound"  # MP3
    PICTURE = "picture"  # PNG
    MIDI = "midi"  # the piece itself


@dataclass(frozen=True, slots=True)
class File:
    """A file to send."""

    name: str
    data: bytes
    medium: Medium = Medium.DOCUMENT
    about: str = ""  # of a picture, for those who cannot see it
    title: str = ""  # of sound and video, as players show it
    artist: str = ""  # of sound, likewise
    duration_s: float = 0.0  # of sound and video
    cover: bytes = b""  # of sound: a square JPEG of at most 320 px and 200 kB


def fitting(files: Sequence[File], *, each_bytes: int, all_bytes: int) -> tuple[File, ...]:
    """Keep the files that a platform grants room for; MIDI files are always kept.

    First goes what is too large by itself, then whatever comes first among `Medium`.
    """
    kept = [file for file in files if len(file.data) <= each_bytes or file.medium is Medium.MIDI]
    for medium in Medium:
        if medium is not Medium.MIDI and sum(len(file.data) for file in kept) > all_bytes:
            kept = [file for file in kept if file.medium is not medium]
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Reply:
    """What AudioGroove says: plain text (adapters escape it), files, rows of buttons.

    `is_private` asks that only the one who spoke sees it, where the platform can do that.
    `is_menu` marks a short choice that belongs to the message whose button was pressed: an
    adapter may swap that message's buttons instead of sending another. `error` and `event` are
    the facts behind the words, for a platform that shows them in its own way.
    """

    text: str
    files: tuple[File, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_private: bool = False
    is_menu: bool = False
    error: AudioGrooveError | None = None  # of an answer that says what went wrong
    event: Event | None = None  # of a status


class Unreachable(Exception):
    """The platform cannot be spoken to just now; the same may go later.

    `retry_after_s` is when the platform wants to be asked again, if it said.
    """

    def __init__(self, fault: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(fault)
        self.retry_after_s = retry_after_s


class Refused(Exception):
    """The platform will not have us at all, as with a wrong token: trying again is of no use."""


class Undeliverable(Exception):
    """This message will never arrive: the chat is gone, or AudioGroove was shown out of it."""


class Line(Protocol):
    """The open line to whoever has just spoken; made by the adapter, one an event."""

    @property
    def address(self) -> Address:
        """Where the answer goes if nothing could be said before a restart."""

    async def hold(self) -> None:
        """Let the platform know that an answer will come, before something that takes seconds."""

    async def open(self, reply: Reply) -> Address:
        """Say the first words of an answer that will change and end as a piece."""

    async def say(self, reply: Reply) -> None:
        """Answer; nothing more will follow."""

    async def nod(self, words: str) -> None:
        """Let the one who spoke know that it is done, where others see what came of it elsewhere.

        In passing and never as a message to all: `words` are for those who would see nothing
        happen otherwise. What cannot be said is logged.
        """

    async def gather(self, card: Reply, title: str) -> Address:
        """Put up a card that will change for a long time, for all to see: a group meets around it.

        Where the platform has threads and allows one, it gets its own, called `title`; `topic_of`
        the door tells that.

        Raises:
            Unreachable: when it was not put up, or that is not known.
            Undeliverable: when it never will be.
        """

    async def is_moderator(self) -> bool:
        """Tell whether the one who speaks may tidy up after others in this chat."""

    async def remove(self, delivered: Address) -> None:
        """Delete the message whose button was pressed, and what came with it.

        `delivered` is the address that `Door.deliver` noted last for the piece, which may be one
        that an earlier version wrote.
        """


class Front(Protocol):
    """A platform as the one who starts it sees it."""

    @property
    def platform(self) -> str:
        """The first half of its keys, such as "discord"."""

    async def run(self) -> None:
        """Serve until cancelled; raises Refused when it never can, anything else to be run again.

        Each run connects anew, and holds its door open for as long as it can be spoken to.
        """


class Ear(Protocol):
    """Whoever listens: the conversation, as an adapter sees it."""

    async def hear(self, ask: Ask, line: Line) -> None:
        """Do what is asked and answer on the line; whatever goes wrong is answered there too."""


class Notes(Protocol):
    """Small facts that survive a restart, such as what was last told to the platform."""

    async def note(self, name: str) -> str | None:
        """Recall a fact."""

    async def set_note(self, name: str, value: str) -> None:
        """Remember a fact."""


class Door(Protocol):
    """The way to a platform's chats outside of any event."""

    @property
    def platform(self) -> str:
        """The first half of its keys, such as "discord"."""

    @property
    def previews(self) -> frozenset[Medium]:
        """What a piece is to bring along besides its MIDI file."""

    def pause_s(self, address: Address) -> float:
        """Tell how long to wait between two changes of a message there."""

    async def show(self, address: Address, reply: Reply) -> None:
        """Change the words of an answer that was opened; given up silently when it is not easy."""

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Put a finished answer there, in place of the words that waited for it.

        An answer of several messages tells `placed` after each, by an address that says how far
        it has come. Called again after a failure or a restart, with that address, the same nonce
        and the same reply (perhaps without some previews, or with more): the adapter does what
        the platform allows so that everything is seen once.

        Raises:
            Unreachable: when it should be tried again later.
            Undeliverable: when it never will arrive.
        """


@runtime_checkable
class Board(Protocol):
    """A door whose chats can have cards: what stands there for long and changes.

    Cards are put up by `Line.gather`.
    """

    def card_pause_s(self, address: Address) -> float:
        """Tell how long to wait between two changes of a card, so that others can speak, too."""

    def changes_of(self, card: Reply) -> int:
        """Tell how many changes, of those that are counted, a change to this card is."""

    def chat_of(self, address: Address) -> str:
        """Tell the key of the chat that an address lies in, which may have another one now."""

    def topic_of(self, address: Address) -> str:
        """Tell the topic or thread that an address lies in, as `Chat.topic` does."""

    def beside(self, address: Address) -> Address:
        """Make an address for something new at the same place as a card: for `deliver`."""

    async def revise(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Bring a card up to date, and tell where it is then.

        Without files only its words and buttons change, and what it shows stays; with files
        these take the place of all that it showed. A card that was deleted is put up anew, once
        for each nonce where the platform can see to that.

        Raises:
            Unreachable: when it should be tried again later, with what is true then.
            Undeliverable: when the chat is gone.
        """

    async def renew(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Put a card up anew, below all that was said since, and take the old one down.

        Raises as `revise` does.
        """
