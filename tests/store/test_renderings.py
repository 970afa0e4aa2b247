"""What was made of a piece: kept with it, up to so many bytes in all."""

from collections.abc import AsyncIterator

import pytest

from audiogroove.store import Store
from audiogroove.store.renderings import Rendering
from tests.store.builders import Clock, new_job, new_piece

MOST_BYTES = 1000


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    """Open a store with room for a thousand bytes of renderings.

    Yields:
        The store, with a clock set by hand.
    """
    async with await Store.open(url, clock=clock, rendered_bytes=MOST_BYTES) as opened:
        yield opened


async def a_piece(store: Store, job: str = "discord:1") -> str:
    """Keep a piece and tell its id."""
    new = new_piece()
    await store.accept(new_job(job))
    await store.finished(job, new)
    return new.id


async def test_a_rendering_is_found_by_piece_name_and_edition(store: Store) -> None:
    """Another edition is another thing."""
    piece = await a_piece(store)
    await store.keep_rendering(Rendering(piece, "sound.mp3", "1 Grand.sf2", b"\0la la\xff"))
    assert await store.rendering(piece, "sound.mp3", "1 Grand.sf2") == b"\0la la\xff"
    assert await store.rendering(piece, "sound.mp3", "2 Grand.sf2") is None
    assert await store.rendering(piece, "sound.ogg", "1 Grand.sf2") is None
    assert await store.rendering("elsewhere", "sound.mp3", "1 Grand.sf2") is None


async def test_a_new_edition_takes_the_place_of_the_old(store: Store) -> None:
    """A piece has one of each name."""
    piece = await a_piece(store)
    await store.keep_rendering(Rendering(piece, "roll.png", "1", b"old"))
    await store.keep_rendering(Rendering(piece, "roll.png", "2", b"new"))
    assert await store.rendering(piece, "roll.png", "1") is None
    assert await store.rendering(piece, "roll.png", "2") == b"new"


async def test_it_goes_with_its_piece(store: Store) -> None:
    """Deleted is deleted."""
    piece = await a_piece(store)
    await store.keep_rendering(Rendering(piece, "roll.png", "1", b"seen"))
    await store.delete_piece(piece)
    assert await store.rendering(piece, "roll.png", "1") is None


async def test_of_a_piece_that_is_gone_nothing_is_kept(store: Store) -> None:
    """It was deleted while it was drawn."""
    piece = await a_piece(store)
    await store.delete_piece(piece)
    await store.keep_rendering(Rendering(piece, "roll.png", "1", b"late"))
    assert await store.rendering(piece, "roll.png", "1") is None


async def test_where_room_is_short_the_oldest_go(store: Store, clock: Clock) -> None:
    """Down to nine tenths of what may be kept."""
    piece = await a_piece(store)
    for number in range(10):
        clock.step(1)
        await store.keep_rendering(Rendering(piece, f"{number}", "1", bytes(100)))
    assert await store.rendering(piece, "0", "1") is not None
    clock.step(1)
    await store.keep_rendering(Rendering(piece, "last", "1", bytes(50)))
    kept = [
        name for name in [*map(str, range(10)), "last"] if await store.rendering(piece, name, "1")
    ]
    assert kept == ["2", "3", "4", "5", "6", "7", "8", "9", "last"]


async def test_what_is_larger_than_all_room_is_not_kept(store: Store, clock: Clock) -> None:
    """Nor does it leave anything else there."""
    piece = await a_piece(store)
    await store.keep_rendering(Rendering(piece, "small", "1", bytes(10)))
    clock.step(1)
    await store.keep_rendering(Rendering(piece, "huge", "1", bytes(MOST_BYTES * 20)))
    assert await store.rendering(piece, "huge", "1") is None
