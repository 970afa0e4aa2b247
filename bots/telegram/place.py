"""Where in Telegram something is said: a chat, a topic of it, the messages that matter there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bots.chat import Address, Medium

Sent = tuple[tuple[int, Medium], ...]  # our messages, in their order, and the file in each


@dataclass(frozen=True, slots=True)
class Place:
    """One place to answer at; ids are Telegram's own, those of groups are negative."""

    chat_id: int
    thread_id: int | None = None  # of a topic; never of a mere chain of replies
    reply_to: int | None = None  # the message that asked
    message_id: int | None = None  # our own latest answer, once there is one
    sent: Sent = ()  # the messages of a piece, or of a card, that stand there already

    @property
    def is_group(self) -> bool:
        """Whether others read along."""
        return is_group(self.chat)

    @property
    def chat(self) -> str:
        """The chat as the sender counts it."""
        return str(self.chat_id)

    def answered(self, message_id: int) -> "Place":
        """Tell the place with our answer in it."""
        return replace(self, message_id=message_id)

    def holding(self, sent: Iterable[tuple[int, Medium]]) -> "Place":
        """Tell the place with these messages of a piece in it as well."""
        return replace(self, sent=(*self.sent, *sent))

    def showing(self, medium: Medium, message_id: int) -> "Place":
        """Tell the place of a card that shows a file of this kind in that message, and no other."""
        others = [each for each in self.sent if each[1] is not medium]
        return replace(self, sent=(*others, (message_id, medium)))

    def shows(self, medium: Medium) -> int | None:
        """Tell the message that shows a file of this kind, if one does."""
        return next((message_id for message_id, sent in self.sent if sent is medium), None)

    def moved(self, chat_id: int) -> "Place":
        """Tell the place after its group became a supergroup, where no message keeps its id."""
        return Place(chat_id)


def is_group(chat: str) -> bool:
    """Tell by its id whether a chat has more than one person in it."""
    return chat.startswith("-")


def to_address(place: Place) -> Address:
    """Write a place as JSON values; the inverse of `from_address`."""
    ids = {
        "chat": place.chat_id,
        "thread": place.thread_id,
        "reply_to": place.reply_to,
        "message": place.message_id,
    }
    address: dict[str, object] = {
        name: str(value) for name, value in ids.items() if value is not None
    }
    if place.sent:
        address["sent"] = [[str(message_id), str(medium)] for message_id, medium in place.sent]
    return address


def from_address(address: Address) -> Place:
    """Read what `to_address` wrote, also before a piece was more than one message."""

    def number(name: str) -> int | None:
        return int(str(address[name])) if name in address else None

    noted = address.get("sent")
    return Place(
        int(str(address["chat"])),
        number("thread"),
        number("reply_to"),
        number("message"),
        tuple((int(each), Medium(medium)) for each, medium in noted)
        if isinstance(noted, list)
        else (),
    )


def noted(message_id: int) -> str:
    """Tell what stands in the JSON of an address that notes a message as one of a piece's."""
    return f'["{message_id}", '


def messages_at(address: Address, chat_id: int) -> tuple[int, ...]:
    """List our messages that an address names, if it is one of this chat."""
    if address.get("chat") != str(chat_id):
        return ()  # nowhere, or a group before it got another id and its messages with it
    place = from_address(address)
    noted = [message_id for message_id, _ in place.sent]
    return (*noted, *([place.message_id] if place.message_id and not noted else []))
