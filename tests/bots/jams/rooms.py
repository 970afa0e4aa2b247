"""A place where people jam, as they see it and act in it, whichever the platform."""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from audiogroove.music import midi
from audiogroove.music.piece import Note, Piece
from tests.bots.jams.stage import Stage

PATIENCE_S = 90.0  # of a busy machine, and of a platform that makes one wait

T = TypeVar("T")
_TITLE = re.compile(r"🎶 Jam no\. \d+ · .* bpm")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as it is at one moment."""

    text: str
    buttons: tuple[str, ...]
    until_s: int | None  # since 1970: the time that it tells
    picture: bytes | None
    sound: bytes | None

    def label(self, begins: str) -> str:
        """Find the whole label of a button that begins so; "" where there is none."""
        return next((each for each in self.buttons if each.startswith(begins)), "")


class Room(ABC):
    """A channel, a thread, a group or a topic with people in it, each by their name."""

    # What a platform tells.

    @abstractmethod
    def card(self) -> Shown | None:
        """Look at the card that was put up last; None where none is there."""

    @abstractmethod
    def cards(self) -> int:
        """Count the messages that ever were a card here."""

    @abstractmethod
    def is_single(self) -> bool:
        """Tell whether one card is there now, and no other."""

    @abstractmethod
    def texts(self) -> list[str]:
        """List all that the card ever said, the oldest first."""

    @abstractmethod
    def said(self) -> list[str]:
        """List what was said here otherwise, also to one person alone, the oldest first."""

    @abstractmethod
    def files(self) -> list[bytes]:
        """List the .mid files that came to all here, the oldest first."""

    @abstractmethod
    async def wait(self, found: Callable[[], T | None]) -> T:
        """Wait until something is there, looked at whenever something has changed."""

    # What people do.

    @abstractmethod
    async def start(self, name: str, **wishes: object) -> None:
        """Let somebody type /jam start, and wait for the card."""

    @abstractmethod
    async def does(self, name: str, action: str, **wishes: object) -> str:
        """Let somebody type a command about the jam; the words that answer it, "" for none."""

    @abstractmethod
    async def tap(self, name: str, label: str) -> str:
        """Let somebody press a button that the card has now; what they alone are told."""

    @abstractmethod
    async def press_below(self, name: str, label: str) -> str:
        """Let somebody press a button of the latest message that has it, card or not."""

    @abstractmethod
    async def send(self, name: str, data: bytes) -> None:
        """Let somebody send a .mid in reply to the card."""

    @abstractmethod
    async def delete_card(self) -> None:
        """Let a moderator delete the card."""

    # The same everywhere.

    async def until(self, is_so: Callable[[Shown], object]) -> Shown:
        """Wait until something is true of the card, and tell how it is then."""

        def found() -> Shown | None:
            shown = self.card()
            return shown if shown and is_so(shown) else None

        return await self.wait(found)

    async def says(self, words: str) -> Shown:
        """Wait until the card says something."""
        return await self.until(lambda card: words in card.text)

    async def hears(self, words: str) -> None:
        """Wait until something is said, be it to one person alone."""
        await self.wait(lambda: [each for each in self.said() if words in each])

    async def press(self, name: str, label: str) -> str:
        """Let somebody press a button as soon as the card has it; what they alone are told."""
        shown = await self.until(lambda card: card.label(label))
        return await self.tap(name, shown.label(label))

    async def gather(self, *names: str, **wishes: object) -> None:
        """Let the first start a jam, the others join in, and the first begin."""
        host, *others = names
        await self.start(host, **wishes)
        for name in others:
            await self.press(name, "➕ Join")
        await self.press(host, "▶ Begin")
        await self.says(f"{host}, it is your turn")

    async def play(self, name: str) -> Shown:
        """Let somebody have their turn composed, and wait until they see and hear it."""
        before = await self.says(f"{name}, it is your turn")
        await self.press(name, "▶ Play")
        return await self.hear(name, before)

    async def hear(self, name: str, before: Shown) -> Shown:
        """Wait until somebody is asked about another take than there was `before`."""
        return await self.until(
            lambda card: (
                f"{name}, do you keep it?" in card.text
                and card.picture != before.picture
                and card.sound != before.sound
            )
        )

    async def lay(self, *names: str) -> None:
        """Let people play, one after the other, and keep what comes."""
        for name in names:
            await self.play(name)
            await self.press(name, "✅ Keep")

    async def piece(self, count: int = 1) -> bytes:
        """Wait for the so-manieth finished piece here."""
        files = await self.wait(lambda: found if len(found := self.files()) >= count else None)
        return files[count - 1]


Opening: TypeAlias = Callable[[Path], AbstractAsyncContextManager[tuple[Room, Stage]]]


def is_card(text: str) -> bool:
    """Tell whether a message of ours is a card, by its first line."""
    return _TITLE.match(text) is not None


def tracks_of(data: bytes) -> dict[str, set[Note]]:
    """Read the tracks of a file by their names."""
    return {part.name: set(part.notes) for part in midi.parse(data).parts}


def notes_of(piece: Piece) -> set[Note]:
    """List the notes of a piece, whichever part has them."""
    return {note for part in piece.parts for note in part.notes}


async def lost_at_work(
    room: Room, stage: Stage, player: str, lose: Callable[[], Awaitable[object]]
) -> None:
    """Let a place be lost while somebody's take is composed, and see its jam end there."""
    lost, before = await stage.jam(player), await stage.jams()
    stage.busker.hold()
    await room.press(player, "▶ Play")
    await stage.busker.begun.acquire()
    await lose()
    stage.busker.let_go()
    await stage.is_over(lost.id)
    assert {jam.id for jam in before} - {jam.id for jam in await stage.jams()} == {lost.id}
