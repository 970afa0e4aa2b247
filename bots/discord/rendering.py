"""A reply as Discord shows it: escaped text, files, rows of buttons that work for ever."""

import hashlib
import io
import re
from typing import Any, Self

import discord
from discord.utils import escape_markdown, escape_mentions
from typing_extensions import override

from bots.chat import Button, Reply

CONTENT_CHARS = 2000
NONCE_BYTES = 12  # as hex 24 characters; Discord takes 25

Interaction = discord.Interaction[Any]
Fields = dict[str, Any]  # keyword arguments of the library's methods


class Pressed(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=re.compile(r".*", re.DOTALL),
):
    """Any button under any message of ours, also those of earlier processes and versions.

    What it means is in its id, so that it works without anything being kept for it.
    """

    @classmethod
    @override
    async def from_custom_id(
        cls, _interaction: Interaction, item: Any, _match: re.Match[str], /
    ) -> Self:
        """Take a button as it was pressed."""
        return cls(item)

    @override
    async def callback(self, interaction: Interaction) -> None:
        """Hand the press over."""
        await interaction.client.pressed(interaction)


def content_of(reply: Reply) -> str:
    """Write a reply's text so that nothing in it formats, links or mentions."""
    content = escape_mentions(escape_markdown(reply.text))
    if len(content) <= CONTENT_CHARS:
        return content
    return content[: CONTENT_CHARS - 1].rstrip("\\") + "…"


def view_of(reply: Reply) -> discord.ui.View | None:
    """Lay out a reply's buttons; None without any."""
    if not reply.buttons:
        return None
    view = discord.ui.View(timeout=None)
    for row, buttons in enumerate(reply.buttons):
        for button in buttons:
            view.add_item(Pressed(_button(button), row=row))
    view.stop()  # the library need not keep it: `Pressed` answers for all of them
    return view


def _button(button: Button) -> discord.ui.Button[discord.ui.View]:
    grave, plain = discord.ButtonStyle.danger, discord.ButtonStyle.secondary
    return discord.ui.Button(
        style=grave if button.is_grave else plain,
        label=button.label,
        custom_id=button.encoded,
    )


def files_of(reply: Reply) -> list[discord.File]:
    """Wrap a reply's files, anew for each try: the library empties and closes them."""
    return [discord.File(io.BytesIO(file.data), filename=file.name) for file in reply.files]


def said(reply: Reply) -> Fields:
    """Make the arguments that send a reply as a new message."""
    fields: Fields = {"content": content_of(reply)}
    if reply.files:
        fields["files"] = files_of(reply)
    view = view_of(reply)
    if view:
        fields["view"] = view
    return fields


def changed(reply: Reply) -> Fields:
    """Make the arguments that turn a message into a reply, whatever it was before."""
    return touched_up(reply) | {"attachments": files_of(reply)}


def touched_up(reply: Reply) -> Fields:
    """Make the arguments that change a message's words and buttons, and leave its files alone."""
    return {"content": content_of(reply), "view": view_of(reply)}


def nonce_of(job: str, reply: Reply) -> str:
    """Derive what lets Discord see that the same is said twice, and that other words are not."""
    told = "\0".join([job, reply.text, *(file.name for file in reply.files)])
    return hashlib.blake2b(told.encode(), digest_size=NONCE_BYTES).hexdigest()
