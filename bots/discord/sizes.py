"""How much of a reply is sent where Discord takes only so much: the piece first of all.

Limits: https://docs.discord.com/developers/reference#uploading-files
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import structlog

from bots.chat import File, Medium, Reply, fitting
from bots.discord import words
from bots.discord.faults import TooLarge

ALL_BYTES = 24_000_000  # of 25 MiB that a request may have, with the form around its files
FILES = 10  # in one message

T = TypeVar("T")
Files = tuple[File, ...]
_LOG = structlog.get_logger()


async def sent_as_fits(reply: Reply, each_bytes: int, send: Callable[[Reply], Awaitable[T]]) -> T:
    """Send a reply, with fewer files each time that Discord finds it too large.

    What is known of limits is no promise: a server may have lost its boosts since.
    """
    *larger, least = versions(reply, each_bytes)
    for version in larger:
        try:
            return await send(version)
        except TooLarge as fault:
            _LOG.info("too large", files=[file.name for file in version.files], fault=str(fault))
    return await send(least)


def versions(reply: Reply, each_bytes: int) -> Iterator[Reply]:
    """List what to send, one after the other where Discord finds it too large.

    That is whatever should fit, then the same without its largest preview, then the piece alone,
    then words.

    Yields:
        Replies with ever fewer files.
    """
    if not reply.files:
        yield reply
        return
    files = _countable(fitting(reply.files, each_bytes=each_bytes, all_bytes=ALL_BYTES))
    fewest = FILES + 1
    for fewer in (files, _without_largest(files), _pieces(files)):
        if 0 < len(fewer) < fewest:
            fewest = len(fewer)
            yield replace(reply, files=fewer)
    yield words.too_large(reply)


def _countable(files: Files) -> Files:
    """Leave out the last pages where there are too many files: the whole score comes along."""
    too_many = max(0, len(files) - FILES)
    pages = [file for file in files if file.medium is Medium.PICTURE]
    left_out = pages[len(pages) - too_many :]
    return tuple(file for file in files if file not in left_out)


def _without_largest(files: Files) -> Files:
    previews = [file for file in files if file.medium is not Medium.MIDI]
    if not previews:
        return files
    largest = max(previews, key=lambda file: len(file.data))
    return tuple(file for file in files if file is not largest)


def _pieces(files: Files) -> Files:
    return tuple(file for file in files if file.medium is Medium.MIDI)
