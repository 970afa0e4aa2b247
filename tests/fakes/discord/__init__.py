"""A Discord of our own, over real sockets: REST, gateway and CDN, for unmodified discord.py bots.

    async with DiscordFake() as fake:
        with pointed_at(fake):                         # tests/fakes/discord/seam.py
            bot = Bot(...)                             # guild_ready_timeout=0.0 saves 2 s
            running = asyncio.create_task(bot.start(fake.setup.token))
            await fake.bot_ready()

            guild = fake.add_guild("Studio")
            channel = fake.add_channel(guild, "general")
            ann = fake.add_user("ann")

            seed = ("a.mid", b"MThd…")
            asked = await fake.slash(ann, channel, "compose", {"bars": 8}, attachment=seed)
            await asked.acknowledged()                 # → Callback.DEFER
            piece = await asked.original()             # waits until it says more than "thinking"
            assert piece.file(".mid").data.startswith(b"MThd")
            again = await fake.press(ann, piece, "Again")
        ...
    fake.check()                                       # fails on whatever Discord would not take

A bot needs the REST base `fake.url` and nothing else: GET /gateway/bot tells it the gateway, and
links to files point here too.

**The world** (`DiscordFake.add_guild`, `.add_channel`, `.add_thread`, `.direct(user)`,
`.add_user`, `.add_member`, `.permit`, `.limit_uploads`, `.delete_channel`, `.remove_bot`) may be
built before the bot connects or while it runs. A guild with `has_bot=False` has the bot by user
install only.

**People**: `say`, `slash`, `autocomplete`, `context_menu`, `press`, `select`, `submit_modal`,
`delete`. What the app would not let a person do raises `Impossible`: a command that was not
synced, an unknown option, a missing required one, a disabled button. An `Interaction` comes back:

    await asked.acknowledged()   the type of the first answer (Callback)
    await asked.original()       the original response once it says something: a live Message
    asked.response               the same without waiting; None, or "thinking", at first
    await asked.delivered()      the same once it carries a file
    await asked.followup(1)      the first followup; `asked.followups` lists them
    asked.choices, asked.modal   of an autocomplete; the form that was opened

`say` gives a Message, whose `answers` are the bot's replies to it.

**Messages** are live: `content`, `files` (`SentFile.name`, `.data`), `file(".mid")`, `buttons`
(`label`, `custom_id`, `is_disabled`), `components`, `embeds`, `is_ephemeral`, `is_loading`,
`is_deleted`, `reply_to`, `history` (a Snapshot for each state that was ever shown). `framed` is
the file that the first embed shows.
`channel.messages` lists what was said for all to see; `channel.seen_by(user)` what somebody sees
now.

**Threads**: a message that the bot started one from has it as `thread`, a Channel with `parent` and
`messages`; it sleeps when nobody speaks for `quiet_min`, or by hand (`is_archived`, `is_locked`).
`add_channel(kind=ChannelKind.VOICE)` makes a place that has none. `message.reactions` are the
bot's.

**Waiting**: `await fake.wait_for(lambda: channel.messages)`: looked at on each change, never
polled.

**Time**: `fake.clock.advance(s)` moves all deadlines: 3 s to acknowledge, 15 min of a token, 24 h
of a link, 5 min of a nonce.

**Bad weather**: `fake.fail("PATCH", r"/webhooks/.*", status=429 | 500 | 503 …)`, `is_reset=True`,
`is_applied=True` (done, but the answer is lost), `gate=event`; `fake.hold(...)`; `fake.expire(
interaction)`, `fake.expire_links()`; `fake.gateway.drop(code)`, `.abort()`, `.reconnect()`,
`.invalid_session()`.

**Setup**: `DiscordFake(Setup(message_content=True, upload_limit_bytes=…, shards=2, token=…))`; with
`is_frozen=True` the clock moves by hand only.

**Judging**: `fake.record.calls` has every request; `fake.violations` every mistake, judged by
Discord's own API description (tests/fakes/specs) and by the rules that it lacks (rules.py,
commands.py); `fake.check()` asserts that there is none. `fake.flood` counts calls over a rate
limit.

As a process of its own: `python -m tests.fakes.discord --port 0`, see `control.py`.
"""

from tests.fakes.discord.commands import Impossible
from tests.fakes.discord.server import DiscordFake, Setup
from tests.fakes.discord.world import (
    BOT_PERMISSIONS,
    MEMBER_PERMISSIONS,
    Button,
    Callback,
    Channel,
    ChannelKind,
    Guild,
    Interaction,
    Member,
    Message,
    Permission,
    SentFile,
    Snapshot,
    User,
)

__all__ = [
    "BOT_PERMISSIONS",
    "MEMBER_PERMISSIONS",
    "Button",
    "Callback",
    "Channel",
    "ChannelKind",
    "DiscordFake",
    "Guild",
    "Impossible",
    "Interaction",
    "Member",
    "Message",
    "Permission",
    "SentFile",
    "Setup",
    "Snapshot",
    "User",
]
