"""Where in Telegram something is said: a chat, a topic of it, the messages that matter there."""

from dataclasses import dataclass, replace

from bots.chat import Address


@dataclass(frozen=True, slots=True)
class Place:
    """One place to answer at; ids are Telegram's own, those of groups are negative."""

    chat_id: int
    thread_id: int | None = None  # of a topic; never of a mere chain of replies
    reply_to: int | None = None  # the message that asked
    message_id: int | None = None  # our own answer, once there is one

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
    return {name: str(value) for name, value in ids.items() if value is not None}


def from_address(address: Address) -> Place:
    """Read what `to_address` wrote."""

    def number(name: str) -> int | None:
        return int(str(address[name])) if name in address else None

    chat_id = int(str(address["chat"]))
    return Place(chat_id, number("thread"), number("reply_to"), number("message"))
