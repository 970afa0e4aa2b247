"""A reply as Discord shows it: text, files, a framed picture, buttons that work for ever.

    Ragtime in D minor · 16 bars …      content
    ▶ ────────────── 0:32  rag.mp3      attachment: its name makes the app show a player
    ▤ rag.mid                           attachment
    ┃ piano roll                        embed; its picture is an attachment, too
    [🎲 Again] [⏩ Continue] …           components

All of it is one message of the old kind: one made of components shows no player.
"""

import hashlib
import io
import re
from typing import Any, Self

import discord
from discord.utils import escape_markdown, escape_mentions
from typing_extensions import override

from bots.chat import Button, File, Medium, Reply, with_moments
from bots.discord.place import Grants

CONTENT_CHARS = 2000
ABOUT_CHARS = 1024
FRAME = 0x818CF8  # one of the colours of the rolls
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
    """Write a reply's text so that nothing in it formats, links or mentions.

    Times count down, whenever they are looked at.
    """
    content = with_moments(escape_mentions(escape_markdown(reply.text)), _shown)
    if len(content) <= CONTENT_CHARS:
        return content
    return content[: CONTENT_CHARS - 1].rstrip("\\") + "…"


def _shown(at_s: int) -> str:
    return f"<t:{at_s}:R>"


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
    return [_attached(file) for file in reply.files]


def _attached(file: File) -> discord.File:
    about = file.about[:ABOUT_CHARS] or None
    return discord.File(io.BytesIO(file.data), filename=file.name, description=about)


def embeds_of(reply: Reply, grants: Grants) -> list[discord.Embed]:
    """Frame a reply's picture.

    Several, such as the pages of a score, are left to Discord, which shows attached pictures side
    by side, and larger; so is one where we may not embed: there Discord drops embeds silently.
    """
    pictures = [file for file in reply.files if file.medium is Medium.PICTURE]
    if not grants.embeds or len(pictures) != 1:
        return []
    (picture,) = pictures
    image = {"url": f"attachment://{picture.name}"}
    if picture.about:
        image["description"] = picture.about[:ABOUT_CHARS]
    return [discord.Embed.from_dict({"type": "rich", "color": FRAME, "image": image})]


def said(reply: Reply, grants: Grants) -> Fields:
    """Make the arguments that send a reply as a new message."""
    fields: Fields = {"content": content_of(reply)}
    if reply.files:
        fields["files"] = files_of(reply)
    embeds = embeds_of(reply, grants)
    if embeds:
        fields["embeds"] = embeds
    view = view_of(reply)
    if view:
        fields["view"] = view
    return fields


def changed(reply: Reply, grants: Grants) -> Fields:
    """Make the arguments that turn a message into a reply, whatever it was before.

    Files and frames go together: a file that loses its frame would show up by itself, and a frame
    without its file would be empty.
    """
    return touched_up(reply) | {
        "attachments": files_of(reply),
        "embeds": embeds_of(reply, grants),
    }


def touched_up(reply: Reply) -> Fields:
    """Make the arguments that change a message's words and buttons, and nothing else.

    Files and frames that are not named stay as they are.
    """
    return {"content": content_of(reply), "view": view_of(reply)}


def nonce_of(job: str, reply: Reply) -> str:
    """Derive what lets Discord see that the same is said twice, and that other words are not.

    Previews do not count: when a piece is delivered once more one of them may be missing, or be
    there at last, and it is the same piece nevertheless.
    """
    pieces = (file.name for file in reply.files if file.medium is Medium.MIDI)
    return _digest(job, reply.text, *pieces)


def nonce_of_card(nonce: str, before: int | None) -> str:
    """Derive what lets Discord see that a card is put up twice, whatever it says meanwhile.

    `before` is the message that it takes the place of: that one may go time and again.
    """
    return _digest("card", nonce, str(before))


def _digest(*told: str) -> str:
    return hashlib.blake2b("\0".join(told).encode(), digest_size=NONCE_BYTES).hexdigest()
