"""Cards: what stands in a chat for long and changes, kept up to date message by message.

    the card      words and buttons; from the first picture on a photo with the words below it
    its sound     an audio of its own, sent once in reply to the card and replaced ever after

An edit that is made again changes nothing that anybody sees. A new message whose answer was lost
can be seen twice: Telegram knows no nonce. So what has been put up is told at once: where its
sound fails then, that is left for the next time.
"""

from dataclasses import dataclass, replace

import structlog

from bots.chat import Button, File, Medium, Reply, Undeliverable, Unreachable, Verb
from bots.telegram import words
from bots.telegram.faults import Captioned, Unacceptable, Unchangeable
from bots.telegram.media import sendable
from bots.telegram.place import Place
from bots.telegram.post import Manner, Post
from bots.telegram.removal import remove

ALOUD, QUIETLY = Manner(), Manner(is_silent=True)
CARD = "card"  # what to do about a jam, as `bots.commands.JAM_TABLE` names it

_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A card by its messages: the words with the picture, if there is a new one, and the sound."""

    words: Reply
    picture: File | None
    sound: File | None

    @classmethod
    def of(cls, card: Reply) -> "_Shown":
        """Take a card apart; what is neither picture nor sound has no place in it."""
        found = {file.medium: file for file in sendable(card)}
        words = replace(card, files=())
        return cls(words, found.get(Medium.PICTURE), found.get(Medium.SOUND))

    @property
    def pictured(self) -> Reply | None:
        """The words with the picture."""
        return replace(self.words, files=(self.picture,)) if self.picture else None

    @property
    def sounding(self) -> Reply | None:
        """The sound, with a button by which a reply to it is known to be for the jam."""
        if self.sound is None:
            return None
        buttons = (button for row in self.words.buttons for button in row)
        jam = next((button.subject for button in buttons if button.verb is Verb.JAM), "")
        row = (Button(words.CARD, Verb.JAM, jam, CARD),)
        return Reply("", files=(self.sound,), buttons=(row,) if jam else ())


class Cards:
    """Puts up, changes and takes down cards through one connected bot."""

    def __init__(self, post: Post) -> None:
        """Send and change by this post."""
        self._post = post

    async def put_up(self, place: Place, card: Reply, manner: Manner = ALOUD) -> Place:
        """Put up a card as a new message, and tell the place with it in it.

        Ends as Unreachable when it was not put up or that is not known, as Undeliverable when it
        never will be.
        """
        shown = _Shown.of(card)
        there = await self._sent(place, shown, manner)
        try:
            return await self._sounded(there, shown)
        except (Undeliverable, Unreachable) as fault:
            _LOG.info("a card was put up without its sound", chat=there.chat, fault=str(fault))
            return there

    async def revise(self, place: Place, card: Reply) -> Place:
        """Bring a card up to date; one that is gone is put up anew.

        Ends as Unreachable when not all of it is known to be changed, as Undeliverable when it is
        gone and will not be taken anew.
        """
        shown = _Shown.of(card)
        try:
            there = await self._rewritten(place, shown)
        except Unchangeable:
            return await self.renew(place, card)
        return await self._sounded(there, shown)

    async def renew(self, place: Place, card: Reply) -> Place:
        """Put a card up anew, below all else, and then take down all of the old one.

        Ends as `put_up` does.
        """
        there = await self.put_up(Place(place.chat_id, place.thread_id), card, QUIETLY)
        old = [each for each in (place.message_id, place.shows(Medium.SOUND)) if each]
        if old and there.chat_id == place.chat_id:  # else that chat is gone, and they with it
            await remove(self._post, place, old)
        return there

    # The card.

    async def _sent(self, place: Place, shown: _Shown, manner: Manner) -> Place:
        if shown.pictured:
            try:
                return await self._post.send(place, shown.pictured, manner)
            except Unacceptable as refusal:
                _note_refused(place, refusal)
        return await self._post.send(place, shown.words, manner)

    async def _rewritten(self, place: Place, shown: _Shown) -> Place:
        """Change the card's message; Unchangeable tells that it cannot be, not even its words."""
        if shown.pictured:
            try:
                await self._post.rewrite(place, shown.pictured)
            except (Unacceptable, Unchangeable) as refusal:
                _note_refused(place, refusal)
            else:
                return place.showing(Medium.PICTURE, place.message_id or 0)
        return await self._reworded(place, shown.words)

    async def _reworded(self, place: Place, words: Reply) -> Place:
        if not place.shows(Medium.PICTURE):
            try:
                return await self._post.rewrite(place, words)
            except Captioned:  # it was given a picture, and the answer to that was lost
                place = place.showing(Medium.PICTURE, place.message_id or 0)
        await self._post.recaption(place, words)
        return place

    # Its sound.

    async def _sounded(self, there: Place, shown: _Shown) -> Place:
        """Bring the sound of a card up to date: a new one, or none to be answered any more."""
        if shown.sounding:
            try:
                message_id = await self._played(there, shown.sounding)
            except Unacceptable as refusal:
                _note_refused(there, refusal)
            else:
                return there.showing(Medium.SOUND, message_id)
        elif there.shows(Medium.SOUND) and not shown.words.buttons:
            await self._silenced(there)
        return there

    async def _played(self, there: Place, sound: Reply) -> int:
        """Put a sound in place of the one that stands there, or below the card; tell where."""
        if message_id := there.shows(Medium.SOUND):
            try:
                await self._post.rewrite(there.answered(message_id), sound)
            except Unchangeable as refusal:
                _note_refused(there, refusal)
            else:
                return message_id
        below = Place(there.chat_id, there.thread_id, reply_to=there.message_id)
        return (await self._post.send(below, sound, QUIETLY)).message_id or 0

    async def _silenced(self, there: Place) -> None:
        """Take the button off the sound of a card that has none any more."""
        try:
            await self._post.swap_buttons(there.answered(there.shows(Medium.SOUND) or 0), None)
        except Unchangeable:
            return  # nobody can press it there


def _note_refused(place: Place, refusal: Exception) -> None:
    _LOG.warning("a part of a card was not shown", chat=place.chat, fault=str(refusal))
