"""A reply as messages: which file goes into which, and what of it is still to be sent.

    a piece, in private      picture, words below it · sound · .mid, buttons below it
    a piece, in few          sound with a picture for its cover, words below it · .mid, buttons
    a score                  pages as an album, words below it · documents as an album
    whatever is missing      the others close up: words are below the first, buttons the last

Few messages are for groups, of which Telegram takes 20 a minute, edits among them, and for a
crowd. Each message is a `Reply` of its own: its files, more than one where they are an album.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bots.chat import File, Medium, Reply

ORDER = (Medium.PICTURE, Medium.VIDEO, Medium.SOUND, Medium.DOCUMENT, Medium.MIDI)
IN_ALBUMS = (Medium.PICTURE, Medium.DOCUMENT)
ALBUM_FILES = 10  # at most; two at least


def messages_of(reply: Reply, *, is_brief: bool = False, albums: bool = False) -> tuple[Reply, ...]:
    """Lay out a reply, in few messages where `is_brief`, with `albums` where there can be some.

    An album has no buttons and cannot take the place of another message.
    """
    media = {file.medium for file in reply.files}
    is_covered = is_brief and {Medium.SOUND, Medium.MIDI} <= media
    bundles = [
        bundle
        for medium in ORDER
        if not (is_covered and medium is Medium.PICTURE)
        for bundle in _bundles(
            [file for file in reply.files if file.medium is medium],
            ALBUM_FILES if albums and medium in IN_ALBUMS else 1,
        )
    ]
    if not bundles:
        return (reply,)
    if reply.buttons and len(bundles[-1]) > 1:
        *album, last = bundles.pop()
        bundles += [tuple(album), (last,)]
    messages = [Reply("", files=bundle) for bundle in bundles]
    messages[0] = replace(messages[0], text=reply.text)
    messages[-1] = replace(messages[-1], buttons=reply.buttons)
    return tuple(messages)


def unsent(messages: Sequence[Reply], sent: Iterable[Medium]) -> tuple[Reply, ...]:
    """Tell which messages are still to be sent, where files of these kinds stand already.

    Their order is kept: what would have come before one that stands was left out, and stays so.
    """
    left = Counter(sent)
    is_begun, begin = bool(left), 0
    for number, message in enumerate(messages, start=1):
        asked = Counter(file.medium for file in message.files)
        if asked and asked <= left:
            left -= asked
            begin = number
    rest = messages[begin:]
    return tuple(replace(message, text="") for message in rest) if is_begun else tuple(rest)


def without(reply: Reply, refused: Sequence[File]) -> Reply | None:
    """Give up files that were refused; None where there is nothing without them."""
    kept = tuple(file for file in reply.files if file not in refused)
    is_needed = any(file.medium is Medium.MIDI for file in refused)
    return None if is_needed or not kept else replace(reply, files=kept)


def _bundles(files: Sequence[File], count: int) -> list[tuple[File, ...]]:
    return [tuple(files[at : at + count]) for at in range(0, len(files), count)]
