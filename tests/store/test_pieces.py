"""What came of a job: kept, found again, deleted."""

import re

import pytest
from sqlalchemy import select, update

from audiogroove.errors import Gone
from audiogroove.music.credits import Credit
from audiogroove.store import Store
from audiogroove.store.rows import JobState, StoredPiece, new_piece_id
from audiogroove.store.tables import JOB, PIECE
from tests.store.builders import ONWARD, TUNE, Clock, new_job, new_piece


async def test_a_finished_piece_is_found_by_its_id_and_by_its_job(
    store: Store, clock: Clock
) -> None:
    """With whose it is, where, and what was asked."""
    await store.accept(new_job(request=ONWARD, parent="k3v9x2m4qa"))
    clock.step(2)
    new = new_piece()
    assert await store.finished("discord:1", new)
    stored = await store.piece(new.id)
    assert stored == StoredPiece(
        id=new.id,
        job="discord:1",
        chat="discord:parlour",
        person="discord:ada",
        parent="k3v9x2m4qa",
        request=ONWARD,
        piece=TUNE,
        style="waltz",
        seconds=1.25,
        created_s=clock.now_s,
    )
    assert await store.piece_of_job("discord:1") == stored


async def test_the_latest_piece_of_a_chat_is_the_last_finished(store: Store, clock: Clock) -> None:
    """Whoever asked for it, and whenever."""
    names = ["first", "second", "elsewhere", "waiting"]
    for name in names:
        await store.accept(new_job(name, chat="attic" if name == "elsewhere" else "parlour"))
    for name in ("second", "first", "elsewhere"):
        clock.step(1)
        await store.finished(name, new_piece())
    latest = await store.latest("parlour")
    assert latest is not None
    assert latest.job == "first"
    assert await store.latest("cellar") is None


async def test_a_piece_is_found_by_what_its_address_says(store: Store, clock: Clock) -> None:
    """The latest of the chat; signs that mean something to databases mean nothing here."""
    for name, address in (("old", {"sent": ["7%"]}), ("new", {"sent": ["7%"]}), ("other", {})):
        clock.step(1)
        await store.accept(new_job(name, chat="parlour"))
        await store.finished(name, new_piece())
        await store.placed(name, address)
    found = await store.piece_noted("parlour", '["7%"]')
    assert found
    assert found.job == "new"
    assert await store.piece_noted("attic", '["7%"]') is None
    assert await store.piece_noted("parlour", '["7_"]') is None


async def test_a_piece_knows_who_made_which_bars(store: Store) -> None:
    """From the beginning, and as it is said later; of most pieces it is not said."""
    credited = (Credit("Ada", 0, 1), Credit("Bøb ♯", 1, 2, part=0))
    for job, told in (("alone", ()), ("together", credited)):
        await store.accept(new_job(job))
        await store.finished(job, new_piece(told))
        assert (await store.piece_of_job(job)).credits == told
    alone = await store.piece_of_job("alone")
    await store.credit(alone.id, credited[1:])
    assert (await store.piece(alone.id)).credits == credited[1:]
    await store.credit(alone.id, ())
    assert (await store.piece(alone.id)).credits == ()


async def test_a_piece_that_is_gone_is_credited_to_nobody(store: Store) -> None:
    """Nor is any other."""
    await store.accept(new_job())
    await store.finished("discord:1", new_piece())
    await store.credit("k3v9x2m4qa", (Credit("Ada", 0, 1),))
    assert (await store.piece_of_job("discord:1")).credits == ()


@pytest.mark.parametrize("ending", ["cancelled", "failed", "forgotten", "never accepted"])
async def test_what_nobody_waits_for_is_not_kept(store: Store, ending: str) -> None:
    """The piece came too late."""
    if ending != "never accepted":
        await store.accept(new_job())
    if ending == "cancelled":
        await store.cancelled("discord:1")
    elif ending == "failed":
        await store.failed("discord:1", "five attempts")
    elif ending == "forgotten":
        await store.forget("discord:ada")
    assert not await store.finished("discord:1", new_piece())
    with pytest.raises(Gone):
        await store.piece_of_job("discord:1")


async def test_finishing_twice_is_finishing_once(store: Store) -> None:
    """Whoever heard no answer the first time may say it again; another piece comes too late."""
    await store.accept(new_job())
    new = new_piece()
    assert await store.finished("discord:1", new)
    assert await store.finished("discord:1", new)
    assert not await store.finished("discord:1", new_piece())
    assert (await store.piece_of_job("discord:1")).id == new.id


async def test_a_deleted_piece_is_gone(store: Store) -> None:
    """And what was asked for it, which may hold a file that somebody sent."""
    await store.accept(new_job(request=ONWARD))
    new = new_piece()
    await store.finished("discord:1", new)
    assert await store.delete_piece(new.id)
    assert not await store.delete_piece(new.id)
    with pytest.raises(Gone) as caught:
        await store.piece(new.id)
    assert caught.value.what == "piece"
    with pytest.raises(Gone):
        await store.job("discord:1")


async def test_deleting_a_piece_touches_no_other(store: Store) -> None:
    """Nor a job that is still under way."""
    await store.accept(new_job("waiting"))
    await store.accept(new_job("done"))
    await store.finished("done", new_piece())
    assert not await store.delete_piece("k3v9x2m4qa")
    assert (await store.piece_of_job("done")).piece == TUNE
    assert (await store.job("waiting")).state == JobState.QUEUED


async def test_a_piece_that_cannot_be_read_is_gone(store: Store) -> None:
    """As when another version packed it."""
    await store.accept(new_job())
    new = new_piece()
    await store.finished("discord:1", new)
    damaged = update(PIECE).values(piece=b"?")
    await store._writer.do(lambda connection: connection.execute(damaged).rowcount)
    with pytest.raises(Gone):
        await store.piece(new.id)


async def test_no_piece_outlives_its_job(store: Store) -> None:
    """The database itself sees to that."""
    await store.accept(new_job())
    await store.finished("discord:1", new_piece())
    await store._writer.do(lambda connection: connection.execute(JOB.delete()).rowcount)
    assert not await store._database.rows(select(PIECE.c.id))


def test_ids_fit_into_buttons() -> None:
    """Ten characters of which none can be taken for another, and no two alike."""
    ids = {new_piece_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(re.fullmatch("[a-km-np-z2-9]{10}", one) for one in ids)
