"""A group, or a topic of one, on the fake Telegram, as a room."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from typing_extensions import override

from bots.chat import Ear, Front, Notes
from bots.doors import Doors
from bots.telegram.front import TelegramFront
from tests.bots.jams.rooms import PATIENCE_S, Room, Shown, is_card
from tests.bots.jams.stage import Stage
from tests.fakes.telegram import Chat, Message, TelegramFake, Topic, User

T = TypeVar("T")


class TelegramRoom(Room):
    """A group where people jam, or one of its topics."""

    def __init__(
        self,
        fake: TelegramFake,
        chat: Chat,
        people: dict[str, User],
        topic: Topic | None = None,
    ) -> None:
        """Stand in a chat, or in a topic of it; `people` come in when they do something."""
        self.fake, self.chat, self.people, self.topic = fake, chat, people, topic

    def beside(self, chat: Chat, topic: Topic | None = None) -> "TelegramRoom":
        """Stand in another chat or topic, with the same people."""
        return TelegramRoom(self.fake, chat, self.people, topic)

    def person(self, name: str) -> User:
        """Find somebody by their name; they are in this chat from now on."""
        if name not in self.people:
            self.people[name] = self.fake.user(name)
        self.chat.members.setdefault(self.people[name], "member")
        return self.people[name]

    def _ours(self) -> list[Message]:
        every = (each for each in self.chat.history if each.sender.is_bot)
        return [each for each in every if each.topic is self.topic]

    def _cards(self) -> list[Message]:
        return [each for each in self._ours() if is_card(each.words)]

    @property
    def message(self) -> Message | None:
        """The message that is the card."""
        cards = [each for each in self._cards() if not each.is_deleted]
        return cards[-1] if cards else None

    @property
    def sound(self) -> Message | None:
        """The message with the card's sound."""
        sounds = [
            each
            for each in self._ours()
            if each.audio and each.reply_to is self.message and not each.is_deleted
        ]
        return sounds[0] if sounds else None

    @override
    def card(self) -> Shown | None:
        message = self.message
        if message is None:
            return None
        times = [one["unix_time"] for one in message.entities if one["type"] == "date_time"]
        sound = self.sound
        return Shown(
            message.words,
            tuple(label for row in message.buttons for label in row),
            times[0] if times else None,
            message.photo.data if message.photo else None,
            sound.audio.data if sound and sound.audio else None,
        )

    @override
    def cards(self) -> int:
        return len(self._cards())

    @override
    def is_single(self) -> bool:
        return sum(not each.is_deleted for each in self._cards()) == 1

    @override
    def said(self) -> list[str]:
        return [each.words for each in self._ours()]

    @override
    def texts(self) -> list[str]:
        return self.message.shown if self.message else []

    @override
    def files(self) -> list[bytes]:
        there = (each.document for each in self._ours() if not each.is_deleted)
        return [each.data for each in there if each and each.name.endswith(".mid")]

    @override
    async def wait(self, found: Callable[[], T | None]) -> T:
        there = await self.fake.wait_for(found, PATIENCE_S)
        assert there is not None
        return there

    async def _type(self, name: str, action: str, wishes: dict[str, object]) -> Message:
        words = ", ".join(f"{wish}={value}" for wish, value in wishes.items())
        text = f"/jam {action} {words}".rstrip()
        return await self.fake.say(self.person(name), self.chat, text, topic=self.topic)

    @override
    async def start(self, name: str, **wishes: object) -> None:
        said = await self._type(name, "start", wishes)
        await self.wait(lambda: [each for each in self._cards() if each.reply_to is said])

    @override
    async def does(self, name: str, action: str, **wishes: object) -> str:
        said = await self._type(name, action, wishes)
        await self.wait(lambda: said.reaction or said.replies)
        return said.replies[0].words if said.replies else ""

    @override
    async def tap(self, name: str, label: str) -> str:
        assert self.message
        press = await self.fake.press(self.person(name), self.message, label)
        return (await press.answer(PATIENCE_S)).text

    @override
    async def press_below(self, name: str, label: str) -> str:
        def found() -> Message | None:
            there = [each for each in self._ours() if not each.is_deleted]
            having = [each for each in there if any(label in row for row in each.buttons)]
            return having[-1] if having else None

        press = await self.fake.press(self.person(name), await self.wait(found), label)
        return (await press.answer(PATIENCE_S)).text

    @override
    async def send(self, name: str, data: bytes) -> None:
        person = self.person(name)
        await self.fake.send_file(person, self.chat, "mine.mid", data, reply_to=self.message)

    @override
    async def delete_card(self) -> None:
        assert self.message
        await self.fake.delete(self.message)


@asynccontextmanager
async def on_telegram(
    folder: Path, stage: Stage | None = None
) -> AsyncGenerator[tuple[TelegramRoom, Stage]]:
    """Open everything on a Telegram; in the end nothing was done that it does not take.

    Yields:
        A group, and what is behind.
    """
    stage = stage or Stage(folder)
    async with TelegramFake() as fake:
        owner = fake.user("Owner")
        room = TelegramRoom(fake, fake.supergroup("Band", owner), {})
        async with stage.open_for(front_on(fake)):
            yield room, stage
        fake.check()
        assert fake.flood.violations == []


def front_on(fake: TelegramFake) -> Callable[[Ear, Doors, Notes], Front]:
    """Make front ends that serve this Telegram."""

    def make(ear: Ear, doors: Doors, notes: Notes) -> Front:
        token, url = fake.token, fake.origin
        return TelegramFront(token=token, ear=ear, doors=doors, notes=notes, api_url=url)

    return make
