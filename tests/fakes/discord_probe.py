"""A small discord.py bot that does once whatever a composing bot does."""

import asyncio
import io
import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

MIDI = b"MThd\x00\x00\x00\x06"
Asked = discord.Interaction[Any]


def midi(name: str = "piece.mid") -> discord.File:
    """Make a file to send."""
    return discord.File(io.BytesIO(MIDI), name)


class Again(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"again:(?P<job>\w+)"):
    """A button that knows its job, and outlives the process that sent it."""

    def __init__(self, job: str) -> None:
        super().__init__(discord.ui.Button(label="Again", custom_id=f"again:{job}"))
        self.job = job

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Asked, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["job"])

    @override
    async def callback(self, interaction: Asked) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send(f"{self.job} once more", file=midi())
        await interaction.followup.send("only for you", ephemeral=True)


class Form(discord.ui.Modal, title="Compose"):
    """A form with one field."""

    style: discord.ui.TextInput[Self] = discord.ui.TextInput(label="Style", custom_id="style")

    @override
    async def on_submit(self, interaction: Asked) -> None:
        await interaction.response.send_message(f"a {self.style.value} then")


class Probe(commands.AutoShardedBot):
    """A small bot that does once whatever a composing bot does."""

    def __init__(self) -> None:
        super().__init__(
            command_prefix="!",
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.0,
        )
        self.errors: asyncio.Queue[Exception] = asyncio.Queue()

    @override
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)
        self.tree.add_command(compose)
        self.tree.add_command(whisper)
        self.tree.add_command(form)
        self.tree.add_command(progress)
        self.tree.add_command(card)
        self.tree.add_command(wrong)
        self.tree.add_command(jam)
        self.tree.add_command(continue_this)
        self.tree.error(self.note)
        await self.tree.sync()

    async def note(self, _asked: Asked, error: app_commands.AppCommandError) -> None:
        """Keep what went wrong in a command."""
        self.errors.put_nowait(getattr(error, "original", error))

    async def error(self) -> Exception:
        """Wait for something to go wrong in a command."""
        return await asyncio.wait_for(self.errors.get(), 5.0)

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait between shards, as Discord wants for thousands of guilds."""

    @override
    async def on_message(self, message: discord.Message, /) -> None:
        if not message.author.bot and message.attachments:
            data = await message.attachments[0].read()
            await message.reply(f"{len(data)} bytes", file=midi(), nonce=str(message.id))


@app_commands.command(description="Compose.")
async def compose(
    asked: Asked,
    bars: app_commands.Range[int, 1, 64] = 16,
    style: str = "waltz",
    seed: discord.Attachment | None = None,
) -> None:
    """Defer, then answer with two files and a button."""
    await asked.response.defer()
    notes = await seed.read() if seed else MIDI
    view = discord.ui.View(timeout=None)
    view.add_item(Again(f"{style}{bars}"))
    files = [discord.File(io.BytesIO(notes), "piece.mid"), discord.File(io.BytesIO(b"x"), "r.png")]
    await asked.edit_original_response(content=style, attachments=files, view=view)


@compose.autocomplete("style")
async def styles(_asked: Asked, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest styles."""
    names = ("ragtime", "waltz", "chorale")
    return [app_commands.Choice(name=each, value=each) for each in names if typed in each]


@app_commands.command(description="Whisper.")
@app_commands.allowed_installs(guilds=True, users=True)
async def whisper(asked: Asked) -> None:
    """Answer so that one person sees it."""
    await asked.response.send_message("psst", ephemeral=True)


@app_commands.command(description="Ask back.")
async def form(asked: Asked) -> None:
    """Open a form."""
    await asked.response.send_modal(Form())


@app_commands.command(description="Show progress.")
async def progress(asked: Asked, edits: int) -> None:
    """Change the answer again and again."""
    await asked.response.send_message("0")
    for number in range(1, edits + 1):
        await asked.edit_original_response(content=str(number))


class Card(discord.ui.LayoutView):
    """A message made of components: words, a picture, a file and a button."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow()
        row.add_item(Again("card"))
        container: discord.ui.Container[Card] = discord.ui.Container(
            discord.ui.TextDisplay("**A waltz**"),
            discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://roll.png")),
            discord.ui.File("attachment://piece.mid"),
            discord.ui.Separator(),
            row,
        )
        self.add_item(container)


@app_commands.command(description="Show a card.")
async def card(asked: Asked) -> None:
    """Defer, then answer with components alone."""
    await asked.response.defer()
    files = [midi(), discord.File(io.BytesIO(b"x"), "roll.png")]
    await asked.edit_original_response(view=Card(), attachments=files)


@app_commands.command(description="Make a mistake.")
async def wrong(asked: Asked, how: str) -> None:
    """Send what Discord does not take."""
    if how == "long":
        await asked.response.send_message("x" * 2001)
    elif how == "large":
        await asked.response.send_message(file=discord.File(io.BytesIO(b"x" * 2000), "a.mp3"))
    else:
        await asked.response.defer()
        await asked.edit_original_response(content="late")


jam = app_commands.Group(name="jam", description="Play together.", guild_only=True)


@jam.command(description="Begin.")
async def start(asked: Asked, rounds: app_commands.Range[int, 1, 8] = 2) -> None:
    """Open a thread from the answer, and say something in it."""
    await asked.response.send_message("a jam")
    head = await asked.original_response()
    thread = await head.create_thread(name="jam", auto_archive_duration=1440)
    await thread.send(f"{rounds} rounds")


@app_commands.context_menu(name="Continue this MIDI")
async def continue_this(asked: Asked, message: discord.Message) -> None:
    """Tell what is attached to a message."""
    data = await message.attachments[0].read()
    await asked.response.send_message(f"{message.attachments[0].filename}: {len(data)}")
