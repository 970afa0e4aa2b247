"""Messages of ours that are taken down, as far as Telegram lets us."""

from collections.abc import Sequence

import structlog

from bots.chat import Undeliverable, Unreachable
from bots.telegram.faults import Unchangeable
from bots.telegram.place import Place
from bots.telegram.post import Post

_LOG = structlog.get_logger()


async def remove(post: Post, place: Place, message_ids: Sequence[int]) -> None:
    """Delete messages of ours at a place; what is left of them is logged.

    Where they are too old for that, each goes that can, and the buttons of the rest.
    """
    try:
        await post.delete(place, message_ids)
    except Unchangeable:
        for message_id in message_ids:
            await _remove_one(post, place.answered(message_id))
    except (Undeliverable, Unreachable) as fault:
        _note_left(place, fault)


async def _remove_one(post: Post, ours: Place) -> None:
    try:
        try:
            await post.delete(ours, [ours.message_id or 0])
        except Unchangeable:
            await post.swap_buttons(ours, None)
    except (Undeliverable, Unreachable, Unchangeable) as fault:
        _note_left(ours, fault)


def _note_left(place: Place, fault: Exception) -> None:
    _LOG.info("a message was not removed", chat=place.chat, fault=str(fault))
