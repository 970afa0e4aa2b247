"""The studio: what is asked for is made once, kept, and made off the event loop."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiogroove.errors import RenderingFailed
from audiogroove.music.credits import Credit
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.legend import Legend, Region
from audiogroove.render.product import Making, Product
from audiogroove.render.sound.stretch import MAX_SECONDS
from audiogroove.store import Store
from audiogroove.store.rows import StoredPiece
from audiogroove.studio import Studio
from audiogroove.studio.studio import EDITION
from tests.store.builders import TUNE, new_job, new_piece

MAGIC = {
    Product.PICTURE: b"\x89PNG",
    Product.COVER: b"\xff\xd8\xff",
    Product.MUSICXML: b"<?xml",
    Product.PDF: b"%PDF",
    Product.OPUS: b"OggS",
}


BAR_S, OLD_BARS = 2.0, 100
LONG = Piece(  # silent but for what is new
    (Part(tuple(Note(48 * bar, 60, 24) for bar in range(OLD_BARS, OLD_BARS + 8))),), OLD_BARS + 8
)


class House:
    """A studio, the store behind it, and what was made so far."""

    def __init__(self, store: Store) -> None:
        """Set up a studio."""
        self.store = store
        self.made: list[Making] = []
        self.legend = Legend("A tune", "2 bars")
        self.studio = self.new_studio()

    def new_studio(self) -> Studio:
        """Make a studio as a new process would."""
        return Studio(
            self.store, lambda _: self.legend, made=lambda making, _: self.made.append(making)
        )

    async def piece(self, piece: Piece = TUNE) -> StoredPiece:
        """Keep a piece."""
        await self.store.accept(new_job())
        await self.store.finished("discord:1", replace(new_piece(), piece=piece))
        return await self.store.piece_of_job("discord:1")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Set up a studio that is ready.

    Yields:
        The house.
    """
    async with await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}") as store:
        house = House(store)
        await house.studio.start()
        try:
            yield house
        finally:
            await house.studio.close()


@pytest.mark.parametrize("product", MAGIC)
async def test_each_product_is_what_its_name_says(house: House, product: Product) -> None:
    """By its first bytes."""
    if not house.studio.can(product):
        pytest.skip("libfluidsynth is missing")
    data = await house.studio.make(await house.piece(), product)
    assert data.startswith(MAGIC[product])


async def test_a_score_has_pages(house: House) -> None:
    """As pictures."""
    pages = await house.studio.pages(await house.piece())
    assert [page[:4] for page in pages] == [b"\x89PNG"]


async def test_what_is_made_at_once_is_made_once(house: House) -> None:
    """However many ask at the same time, and for whichever part of it."""
    stored = await house.piece()
    asked = (Product.PICTURE, Product.COVER, Product.PICTURE)
    made = await asyncio.gather(*(house.studio.make(stored, product) for product in asked))
    assert made[0] == made[2]
    assert house.made == [Making.ROLL]


async def test_what_was_made_is_kept_for_the_next_process(house: House) -> None:
    """It is fetched from the store, not made again."""
    stored = await house.piece()
    first = await house.studio.make(stored, Product.PICTURE)
    await house.studio.close()
    later = house.new_studio()
    await later.start()
    assert await later.make(stored, Product.PICTURE) == first
    await later.close()
    assert house.made == [Making.ROLL]


async def test_what_is_new_in_a_long_piece_is_heard(house: House) -> None:
    """Its last seconds are the new bars, as they sound alone; nobody else plays in this piece."""
    if not house.studio.can(Product.MP3):
        pytest.skip("libfluidsynth is missing")
    house.legend = Legend("A tune", new=(Region(OLD_BARS, OLD_BARS + 8),))
    data = await house.studio.make(await house.piece(LONG), Product.MP3)
    samples, rate_hz = soundfile.read(io.BytesIO(data))
    loud = np.abs(samples).max(axis=1) > 0.01
    assert len(samples) / rate_hz == pytest.approx(MAX_SECONDS, abs=5)
    assert np.argmax(loud) / rate_hz == pytest.approx(MAX_SECONDS - 8 * BAR_S, abs=0.1)


async def test_a_sound_is_that_of_the_bars_that_are_to_be_heard(house: House) -> None:
    """When somebody is forgotten who was credited, those may be others than were kept."""
    if not house.studio.can(Product.MP3):
        pytest.skip("libfluidsynth is missing")
    stored = await house.piece(LONG)
    house.legend = Legend("A tune", credits=(Credit("Ben", OLD_BARS, OLD_BARS + 8),))
    first = await house.studio.make(stored, Product.MP3)
    house.legend = Legend("A tune")
    assert await house.studio.make(stored, Product.MP3) != first


async def test_an_asker_who_leaves_stops_nobody(house: House) -> None:
    """The other one gets what both asked for."""
    stored = await house.piece()
    one = asyncio.create_task(house.studio.make(stored, Product.PICTURE))
    other = asyncio.create_task(house.studio.make(stored, Product.PICTURE))
    await asyncio.wait({one, other}, timeout=0)  # both have asked
    one.cancel()
    assert (await other).startswith(MAGIC[Product.PICTURE])


async def test_what_nobody_waits_for_is_given_up(house: House) -> None:
    """Its time is for what others ask for; whoever asks next has it made anew."""
    stored = await house.piece()
    asked = asyncio.create_task(house.studio.make(stored, Product.PICTURE))
    await asyncio.wait({asked}, timeout=0)  # it has begun
    asked.cancel()
    await asyncio.wait({asked})
    assert (await house.studio.make(stored, Product.PICTURE)).startswith(MAGIC[Product.PICTURE])
    assert house.made == [Making.ROLL]


async def test_what_cannot_be_made_is_refused_in_one_way(house: House) -> None:
    """Whatever stands in the way: here a studio that was never opened has no sound."""
    silent = house.new_studio()
    assert not silent.can(Product.MP3)
    with pytest.raises(RenderingFailed) as failure:
        await silent.make(await house.piece(), Product.MP3)
    assert failure.value.what == "sound"


async def test_of_a_piece_that_was_deleted_nothing_is_kept(house: House) -> None:
    """It was deleted while it was drawn; whoever asked still gets it."""
    stored = await house.piece()
    await house.store.delete_piece(stored.id)
    assert (await house.studio.make(stored, Product.PICTURE)).startswith(MAGIC[Product.PICTURE])
    assert await house.store.rendering(stored.id, Making.ROLL, EDITION) is None
