"""Chats made of text: what hangs on their walls, and the way in."""

import re
from dataclasses import dataclass, field
from typing import Self

from bots.chat import Address, Ask, Medium, Placed, Reply, Undeliverable, Unreachable

ERROR_ID = re.compile(r" \([0-9a-f]{6}\)$")


@dataclass(frozen=True)
class Message:
    """One message of ours in a chat."""

    reply: Reply
    room: str  # a chat's key
    reader: str = ""  # the one person who sees it; "" is everybody
    is_there: bool = True


@dataclass
class Walls:
    """What hangs in the chats of one platform: it outlives the process."""

    messages: list[Message] = field(default_factory=list)
    nonces: dict[str, int] = field(default_factory=dict)  # what was put up under each
    is_shut: bool = False  # nothing can be said anywhere now
    gone: set[str] = field(default_factory=set)  # rooms in which nothing ever can be said again
    faults: list[Exception] = field(default_factory=list)  # of what is said next

    def copy(self) -> Self:
        """Remember how everything hangs now."""
        return type(self)(list(self.messages), dict(self.nonces), self.is_shut, set(self.gone))

    def put(self, room: str, reply: Reply, nonce: str = "", reader: str = "") -> Address:
        """Say something new; under the same nonce, once."""
        self._enter(room)
        if nonce in self.nonces:
            return {"room": room, "message": self.nonces[nonce]}
        self.messages.append(Message(reply, room, reader))
        number = len(self.messages) - 1
        if nonce:
            self.nonces[nonce] = number
        return {"room": room, "message": number}

    def change(self, address: Address, reply: Reply, nonce: str) -> Address:
        """Change something that is there, else say it anew."""
        room = str(address["room"])
        self._enter(room)
        if address["message"] is None or not self._at(address).is_there:
            return self.put(room, reply, nonce)
        before = self._at(address).reply
        shown = Reply(reply.text, reply.files or before.files, reply.buttons)
        self.messages[int(str(address["message"]))] = Message(shown, room)
        return address

    def take_down(self, address: Address) -> None:
        """Delete a message."""
        old = self._at(address)
        number = int(str(address["message"]))
        self.messages[number] = Message(old.reply, old.room, is_there=False)

    def in_room(self, room: str) -> list[Message]:
        """List what is there for all to see, the oldest first."""
        return [
            each
            for each in self.messages
            if each.room == room and each.is_there and not each.reader
        ]

    def _at(self, address: Address) -> Message:
        return self.messages[int(str(address["message"]))]

    def _enter(self, room: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        if room in self.gone:
            raise Undeliverable("the test wants it so")
        if self.is_shut:
            raise Unreachable("the test wants it so")


class Chatroom:
    """Line, door and board in one."""

    platform = "stage"
    previews = frozenset({Medium.PICTURE, Medium.SOUND})

    def __init__(self, walls: Walls, ask: Ask | None = None) -> None:
        """Open a line to whoever asks."""
        self._walls, self._ask = walls, ask
        self._room = ask.chat.key if ask else ""
        self.heard: list[str] = []  # by who asked alone

    # As a line.

    @property
    def address(self) -> Address:
        """Nothing was said yet."""
        return {"room": self._room, "message": None}

    async def hold(self) -> None:
        """Nobody is impatient here."""

    async def open(self, reply: Reply) -> Address:
        """Say the first words."""
        return self._walls.put(self._room, reply)

    async def say(self, reply: Reply) -> None:
        """Answer."""
        if not reply.is_private:
            self._walls.put(self._room, reply)
            return
        buttons = "".join(f" [{each.label}]" for row in reply.buttons for each in row)
        self.heard.append(ERROR_ID.sub("", reply.text) + buttons)
        if reply.buttons and self._ask:
            self._walls.put(self._room, reply, reader=self._ask.person.name)

    async def nod(self, words: str) -> None:
        """Tell them in passing."""
        self.heard.append(words)

    async def gather(self, card: Reply, title: str) -> Address:
        """Put a card up."""
        del title
        return self._walls.put(self._room, card)

    async def is_moderator(self) -> bool:
        """The one called so tidies up."""
        return self._ask is not None and self._ask.person.name == "Mod"

    async def remove(self, _delivered: Address) -> None:
        """Nothing is deleted here."""

    # As a door.

    def pause_s(self, _address: Address) -> float:
        """Never wait."""
        return 0.0

    async def show(self, address: Address, reply: Reply) -> None:
        """Change the first words."""
        self._walls.change(address, reply, "")

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Put the last words there."""
        await placed(self._walls.change(address, reply, nonce))

    def card_pause_s(self, _address: Address) -> float:
        """Never wait."""
        return 0.0

    def changes_of(self, _card: Reply) -> int:
        """Count nothing."""
        return 1

    def chat_of(self, _address: Address) -> str:
        """Rooms keep their names."""
        return ""

    def topic_of(self, _address: Address) -> str:
        """There are no topics."""
        return ""

    def beside(self, address: Address) -> Address:
        """Say something new."""
        return {"room": address["room"], "message": None}

    async def revise(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Change a card."""
        return self._walls.change(address, card, nonce)

    async def renew(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Put a card up anew."""
        there = self._walls.put(str(address["room"]), card, f"{nonce}.renewed")
        self._walls.take_down(address)
        return there
