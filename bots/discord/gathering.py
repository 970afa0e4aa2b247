"""How a group is gathered around a card: in a thread of its own, where Discord starts one."""

import structlog

from bots.chat import Reply, Undeliverable
from bots.discord.place import Place
from bots.discord.rendering import nonce_of_card
from bots.discord.voice import Voice
from bots.sender import Sender

_LOG = structlog.get_logger()


async def gathered(place: Place, card: Reply, title: str, voice: Voice, sender: Sender) -> Place:
    """Start a thread from the first words that are there, put a card up in it, tell its place.

    Where Discord will not have a thread or a card in it, the card takes the place of those words.
    Raises Unreachable when it is not known to be up, Undeliverable when it never will be.
    """
    try:
        thread = await sender.send(place.key, lambda: voice.start_thread(place, title))
        return await sender.send(place.key, lambda: voice.put_up(thread, card, place.key))
    except Undeliverable as fault:
        _LOG.info("no thread for a card", fault=str(fault))
    nonce = nonce_of_card(place.key, place.message)
    now = await sender.send(place.key, lambda: voice.bring(place, card, nonce))
    return now.lasting
