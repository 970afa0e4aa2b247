"""The studio: what is asked for is made once, kept, and made off the event loop."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audiogroove.errors import RenderingFailed
from audiogroove.render.legend import Legend
from audiogroove.render.product import Making, Product
from audiogroove.store import Store
from audiogroove.store.rows import StoredPiece
from audiogroove.studio import Studio
from tests.store.builders import new_job, new_piece

MAGIC = {
    Product.PICTURE: b"\x89PNG",
    Product.COVER: b"\xff\xd8\xff",
    Product.MUSICXML: b"<?xml",
    Product.PDF: b"%PDF",
    Product.OPUS: b"OggS",
}


class House:
    """A studio, the store behind it, and what was made so far."""

    def __init__(self, store: Store) -> None:
        """Set up a studio."""
        self.store = store
        self.made: list[Making] = []
        self.studio = self.new_studio()

    def new_studio(self) -> Studio:
        """Make a studio as a new process would."""
        return Studio(self.store, _legend, made=lambda making, _: self.made.append(making))

    async def piece(self, job: str = "discord:1") -> StoredPiece:
        """Keep a piece."""
        await self.store.accept(new_job(job))
        await self.store.finished(job, new_piece())
        return await self.store.piece_of_job(job)


def _legend(_: StoredPiece) -> Legend:
    return Legend("A tune", "2 bars")


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


async def test_an_asker_who_leaves_stops_nobody(house: House) -> None:
    """The other one gets what both asked for."""
    stored = await house.piece()
    one = asyncio.create_task(house.studio.make(stored, Product.PICTURE))
    other = asyncio.create_task(house.studio.make(stored, Product.PICTURE))
    await asyncio.wait({one, other}, timeout=0)  # both have asked
    one.cancel()
    assert (await other).startswith(MAGIC[Product.PICTURE])


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
    assert await house.store.rendering(stored.id, Making.ROLL, "1") is None
