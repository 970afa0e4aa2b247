"""What there is in this Discord: people, guilds, channels, messages, interactions.

Everything here is live: a message that a test holds changes when the bot edits it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from tests.fakes.discord.clock import Clock
from tests.fakes.discord.record import Changes, Json

EPOCH_MS = 1_420_070_400_000  # Discord's, the first second of 2015
LINK_LIFE_S = 24 * 3600.0


class Permission(IntFlag):
    """The bits that matter to a bot that answers in chats."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


MEMBER_PERMISSIONS = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
BOT_PERMISSIONS = MEMBER_PERMISSIONS
DIRECT_PERMISSIONS = MEMBER_PERMISSIONS & ~Permission.CREATE_PUBLIC_THREADS


class Flag(IntFlag):
    """Of a message."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5  # Discord sets it
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


class ChannelKind(IntEnum):
    """What sort of place a channel is."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    NEWS = 5
    THREAD = 11


class MessageKind(IntEnum):
    """How a message came about."""

    PLAIN = 0
    REPLY = 19
    SLASH = 20
    CONTEXT_MENU = 23


class InteractionKind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """How a bot first answers an interaction."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True, eq=False)
class User:
    """Somebody, or the bot."""

    id: int
    name: str
    is_bot: bool = False
    locale: str = "en-US"
    takes_direct_messages: bool = True

    @property
    def mention(self) -> str:
        """What to write so that they are mentioned."""
        return f"<@{self.id}>"


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild; each has a role of their own that carries the permissions."""

    user: User
    role_id: int
    permissions: Permission
    joined_s: float


@dataclass(slots=True, eq=False)
class Guild:
    """A server. The bot may be absent: then it is there by somebody's user install only."""

    id: int
    name: str
    owner: User
    has_bot: bool
    members: dict[int, Member] = field(default_factory=dict)
    channels: list["Channel"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a thread or a direct conversation with the bot."""

    id: int
    kind: ChannelKind
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None  # of a thread
    recipient: User | None = None  # of a direct conversation
    bot_permissions: Permission | None = None  # here, where they differ from the guild's
    is_archived: bool = False  # a thread, by hand; it is too when nobody speaks for long
    is_locked: bool = False  # then only moderators wake it
    quiet_min: int = 1440  # without a message, after which a thread is archived
    active_s: float = 0.0  # time of day when somebody spoke last
    is_deleted: bool = False
    typed: int = 0  # how often the bot showed that it is typing
    all_messages: list["Message"] = field(default_factory=list)

    @property
    def messages(self) -> list["Message"]:
        """What was ever said here for all to see, in order; some of it may be deleted by now."""
        return [each for each in self.all_messages if not each.is_ephemeral]

    def seen_by(self, user: User) -> list["Message"]:
        """List what one person sees now: nothing deleted, ephemeral answers only if theirs."""
        return [each for each in self.all_messages if each.is_visible_to(user)]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in a message."""

    id: int
    name: str
    data: bytes
    content_type: str
    url: str
    description: str | None = None
    is_ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press, as shown."""

    label: str
    custom_id: str
    style: int
    is_disabled: bool
    url: str | None
    emoji: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a message looked like from `at_s` (of the fake's clock) on."""

    at_s: float
    content: str
    files: tuple[str, ...]
    buttons: tuple[str, ...]
    custom_ids: tuple[str, ...]  # of the same buttons


@dataclass(slots=True, eq=False)
class Message:
    """A message as people see it now."""

    id: int
    channel: Channel
    author: User
    kind: MessageKind
    created_s: float
    content: str = ""
    files: list[SentFile] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    poll: Json | None = None
    flags: int = 0
    edited_s: float | None = None
    is_deleted: bool = False
    reply_to: "Message | None" = None
    mentions: list[User] = field(default_factory=list)
    interaction: "Interaction | None" = None  # whose answer this is
    nonce: str | int | None = None
    reactions: list[str] = field(default_factory=list)  # the bot's
    thread: Channel | None = None
    history: list[Snapshot] = field(default_factory=list)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & Flag.EPHEMERAL)

    @property
    def is_loading(self) -> bool:
        """Whether it still says "… is thinking"."""
        return bool(self.flags & Flag.LOADING)

    @property
    def buttons(self) -> list[Button]:
        """The buttons, in reading order."""
        return [
            Button(
                label=each.get("label") or "",
                custom_id=each.get("custom_id") or "",
                style=each["style"],
                is_disabled=bool(each.get("disabled")),
                url=each.get("url"),
                emoji=(each.get("emoji") or {}).get("name") or "",
            )
            for each in flat(self.components)
            if each["type"] == 2
        ]

    @property
    def answers(self) -> list["Message"]:
        """The replies to it, in order."""
        return [each for each in self.channel.all_messages if each.reply_to is self]

    def file(self, ending: str) -> SentFile:
        """Find the file whose name ends so."""
        return next(each for each in self.files if each.name.endswith(ending))

    @property
    def framed(self) -> SentFile | None:
        """The file that the first embed shows, if any."""
        shown = [(each.get("image") or {}).get("url") or "" for each in self.embeds[:1]]
        return next((each for each in self.files if f"attachment://{each.name}" in shown), None)

    def is_visible_to(self, user: User) -> bool:
        """Tell whether this person sees it."""
        theirs = self.interaction is not None and self.interaction.user is user
        return not self.is_deleted and (theirs or not self.is_ephemeral)


def flat(components: list[Json]) -> Iterator[Json]:
    """Walk over components and what is in them, outer ones first.

    Yields:
        Each component.
    """
    for each in components:
        yield each
        inner = [each.get("accessory"), each.get("component"), *each.get("components", [])]
        yield from flat([one for one in inner if one])


@dataclass(slots=True, eq=False)
class Interaction:
    """One thing that one person did with the bot, and how it was answered."""

    id: int
    token: str
    kind: InteractionKind
    user: User
    channel: Channel
    data: Json
    dispatched_s: float
    changes: Changes
    message: Message | None = None  # whose button was pressed
    opener: "Interaction | None" = None  # of a form: what it was opened by
    is_user_install: bool = False  # the bot itself is not in that guild
    is_expired: bool = False  # by hand; else its age decides
    callback: Callback | None = None
    acknowledged_s: float | None = None
    response: Message | None = None  # the original response message, as it is now
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] | None = None  # of an autocomplete
    modal: Json | None = None  # the form that the bot opened

    async def acknowledged(self, within_s: float = 5.0) -> Callback:
        """Wait for the first answer and tell its type."""
        return await self.changes.wait_for(lambda: self.callback, within_s)

    async def original(self, within_s: float = 10.0) -> Message:
        """Wait until the original response says something ("thinking" is nothing).

        What comes back is live: it goes on changing as the bot edits it. `response` is the same
        without waiting, None while there is nothing.
        """

        def spoken() -> Message | None:
            found = self.response
            return found if found and (found.is_deleted or not found.is_loading) else None

        return await self.changes.wait_for(spoken, within_s)

    async def delivered(self, within_s: float = 10.0) -> Message:
        """Wait until the original response carries a file."""

        def with_files() -> Message | None:
            return self.response if self.response and self.response.files else None

        return await self.changes.wait_for(with_files, within_s)

    async def followup(self, number: int = 1, within_s: float = 10.0) -> Message:
        """Wait for the so-manieth followup."""
        await self.changes.wait_for(lambda: len(self.followups) >= number, within_s)
        return self.followups[number - 1]


Make = Callable[[int], Json | None]  # intents → the event's data, None where they hide it


@dataclass(slots=True)
class World:
    """All there is, and the ways to add to it."""

    clock: Clock
    changes: Changes
    bot: User
    application_id: int
    emit: Callable[[str, Guild | None, Make], None] = lambda _name, _guild, _make: None
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    by_token: dict[str, Interaction] = field(default_factory=dict)
    files: dict[int, SentFile] = field(default_factory=dict)
    news: list[tuple[Message, Snapshot]] = field(default_factory=list)  # whatever was ever shown
    _last_id: int = 0

    def new_id(self) -> int:
        """Make a snowflake: the time in its upper bits, and never the same twice."""
        now = (int(self.clock.wall_s() * 1000) - EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, now)
        return self._last_id

    def bot_permissions(self, channel: Channel) -> Permission:
        """Tell what the bot may do in a channel."""
        if channel.guild is None:
            return DIRECT_PERMISSIONS
        place = channel.parent or channel
        if place.bot_permissions is not None:
            return place.bot_permissions
        member = channel.guild.members.get(self.bot.id)
        return member.permissions if member else Permission(0)

    def is_archived(self, channel: Channel) -> bool:
        """Tell whether a channel is a thread that sleeps."""
        quiet_s = self.clock.wall_s() - channel.active_s
        is_quiet = channel.kind is ChannelKind.THREAD and quiet_s > 60 * channel.quiet_min
        return channel.is_archived or is_quiet

    def remember(self, message: Message) -> None:
        """Keep what a message looks like now, and ring."""
        shown = Snapshot(
            at_s=self.clock.now_s(),
            content=message.content,
            files=tuple(each.name for each in message.files),
            buttons=tuple(each.label for each in message.buttons),
            custom_ids=tuple(each.custom_id for each in message.buttons),
        )
        message.history.append(shown)
        self.news.append((message, shown))
        self.changes.notify()
