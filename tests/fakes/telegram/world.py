"""All that a fake Telegram has; both sides change it, nobody else."""

import itertools
from collections.abc import Callable, Iterator

from tests.fakes.telegram.chats import Chat, Json, Kind, Message, User
from tests.fakes.telegram.files import StoredFile
from tests.fakes.telegram.presses import Press
from tests.fakes.telegram.record import Record
from tests.fakes.telegram.schema import bot_api
from tests.fakes.telegram.updates import Updates


class World:
    """All there is. `clock` measures limits, in seconds; `now` dates messages."""

    def __init__(
        self, *, token: str, username: str, clock: Callable[[], float], now: Callable[[], float]
    ) -> None:
        self.token = token
        self.clock = clock
        self.now = now
        self.record = Record(clock)
        self.updates = Updates(bot_api(), self.record)
        self.bot = User(int(token.partition(":")[0]), "AudioGroove", username, is_bot=True)
        self.reads_all = False  # privacy mode is off
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}  # by file_id
        self.paths: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.profile: dict[str, str] = {}
        self.blocked_by: set[User] = set()
        self.webhook = ""
        self._shared_ids = itertools.count(1)  # of messages in all chats but supergroups
        self._own_ids: dict[Chat, Iterator[int]] = {}
        self._numbers = itertools.count(1001)

    @property
    def today(self) -> int:
        """Tell the time as Telegram does, in whole seconds since 1970."""
        return int(self.now())

    async def heard(self, update_id: int, within_s: float) -> None:
        """Wait until the bot has taken an update and asked for the next.

        Raises:
            LookupError: when it was not told at all, as in groups under privacy mode.
        """
        if not update_id:
            raise LookupError("the bot was not told")
        await self.record.wait_for(lambda: self.updates.confirmed > update_id, within_s)

    def number(self) -> int:
        """Draw a number that no other thing has."""
        return next(self._numbers)

    def add(self, message: Message) -> Message:
        """Put a message into its chat."""
        message.chat.history.append(message)
        message.shown.append(message.words)
        self.record.note("message", message)
        return message

    def message_id(self, chat: Chat) -> int:
        """Draw the next message id there: supergroups count for themselves."""
        if chat.kind is not Kind.SUPERGROUP:
            return next(self._shared_ids)
        return next(self._own_ids.setdefault(chat, itertools.count(1)))

    def keep(
        self, kind: str, name: str, mime: str, data: bytes, claimed_size: int | None = None
    ) -> StoredFile:
        """Keep a file; its size may be claimed to be another."""
        number = self.number()
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        stored = StoredFile(
            file_id=f"BQAC{self.bot.id}AgADx{number}",
            unique_id=f"AgADx{number}",
            path=f"{kind}s/file_{number}.{suffix}",
            kind=kind,
            name=name,
            mime=mime,
            data=data,
            size_bytes=len(data) if claimed_size is None else claimed_size,
        )
        self.files[stored.file_id] = self.paths[stored.path] = stored
        return stored
