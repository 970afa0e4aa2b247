"""What goes of a jam: one of its players, on their wish; all of it, with time."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from audiogroove.errors import Gone, StoreFailed
from audiogroove.jam.jam import Phase, Player
from audiogroove.music.credits import Credit, Credits
from audiogroove.store import Store
from audiogroove.store.packing import unpack_jam
from audiogroove.store.rows import Forgotten, StoredPiece
from audiogroove.store.tables import JAM, JAM_PLAYER, PIECE
from tests.store.builders import (
    Clock,
    ended,
    jam_job,
    moved,
    new_jam,
    new_job,
    new_piece,
    opened,
    voted_on,
)

DAY_S = 24 * 3600.0
CREDITS = (Credit("Ada", 0, 1), Credit("Bob", 1, 2, part=0), Credit("Ada", 1, 2))


async def taken(store: Store, jam_id: str, job_id: str, credited: Credits = CREDITS) -> StoredPiece:
    """Make a take of a jam and deliver it."""
    await store.accept(jam_job(jam_id, job_id))
    await store.finished(job_id, new_piece(credited))
    await store.delivered(job_id)
    return await store.piece_of_job(job_id)


async def kept_words(store: Store) -> str:
    """Read all that is kept of jams and credits, as one text."""
    rows = await store._database.rows(select(JAM.c.data))
    people = await store._database.rows(select(JAM_PLAYER.c.person + JAM_PLAYER.c.name))
    credited = await store._database.rows(select(PIECE.c.credits))
    jams = [repr(unpack_jam(row.data)) for row in rows]
    return "\n".join([*jams, *(row[0] for row in people), *(row.credits for row in credited)])


# Forgetting


async def test_a_forgotten_player_is_somebody(store: Store) -> None:
    """Wherever the jam had their key or name; all else is as it was."""
    jam = voted_on(await opened(store, new_jam()))
    await store.jams.keep(jam)
    assert await store.forget("discord:ada") == Forgotten((), 0, jams=(jam.id,))
    now = (await store.jams.look(jam.id)).jam
    key = now.host
    assert key.startswith("forgotten:")
    assert now.turn
    assert now.take
    assert now.players[0] == Player(key, "somebody")
    assert now.votes == (("discord:bob", True), (key, False))
    assert {now.turn.player, now.take.player, now.takes[0].player} == {key}
    assert "ada" not in (await kept_words(store)).lower()


async def test_forgetting_changes_no_more_than_it_must(store: Store) -> None:
    """The jam is one version on, and Bob plays as before."""
    jam = await opened(store, new_jam())
    await store.forget("discord:ada")
    now = (await store.jams.look(jam.id)).jam
    assert now.version == jam.version + 1
    assert now.players[1] == jam.players[1]
    ada = {"host": jam.host, "players": jam.players, "version": jam.version}
    assert replace(now, **ada) == jam  # type: ignore[arg-type]


async def test_a_move_that_knew_a_forgotten_player_is_refused(store: Store) -> None:
    """It would bring them back; the jam that was looked up again moves on."""
    jam = await opened(store, new_jam())
    await store.forget("discord:ada")
    with pytest.raises(StoreFailed):
        await store.jams.keep(moved(jam))
    await store.jams.keep(moved((await store.jams.look(jam.id)).jam))
    assert "ada" not in (await kept_words(store)).lower()


async def test_everybody_may_be_forgotten(store: Store) -> None:
    """No two of them have the same name."""
    jam = await opened(store, new_jam())
    await store.forget("discord:ada")
    await store.forget("discord:bob")
    now = (await store.jams.look(jam.id)).jam
    assert [player.name for player in now.players] == ["somebody", "somebody 2"]
    assert len({player.key for player in now.players}) == 2
    assert now.version == jam.version + 2


async def test_a_finished_jam_forgets_too(store: Store) -> None:
    """Nobody holds it any more, so nobody is told."""
    over = await ended(store, new_jam())
    await store.jams.deliver(over.id)
    assert (await store.forget("discord:ada")).jams == ()
    (now,) = await store.jams.history("discord", "discord:parlour", limit=1)
    assert [player.name for player in now.players] == ["somebody", "Bob"]
    assert await store.jams.open_ones() == []


async def test_jams_are_told_the_oldest_first(store: Store) -> None:
    """All that are under way and concerned, those to be delivered among them."""
    await opened(store, new_jam("young", topic="1", created_s=1_800_000_060.0))
    await ended(store, new_jam("finished", topic="2", created_s=1_800_000_030.0))
    await opened(store, new_jam("old", topic="3"))
    await ended(store, new_jam("cancelled", topic="4"), Phase.CANCELLED)
    others = replace(new_jam("others", topic="5"), host="", players=new_jam().players[1:])
    await opened(store, others)
    assert (await store.forget("discord:ada")).jams == ("old", "finished", "young")
    assert (await store.jams.look("others")).jam.version == 0


async def test_the_takes_of_a_jam_stay(store: Store) -> None:
    """They are others', too; in their credits somebody is named instead."""
    jam = await opened(store, new_jam())
    take = await taken(store, jam.id, "take")
    assert await store.forget("discord:ada") == Forgotten((), 0, jams=(jam.id,))
    credited = (Credit("somebody", 0, 1), CREDITS[1], Credit("somebody", 1, 2))
    assert await store.piece(take.id) == replace(take, credits=credited)


async def test_the_name_is_new_to_the_pieces_as_well(store: Store) -> None:
    """Bars of an earlier jam may be those of another somebody."""
    jam = await opened(store, new_jam())
    take = await taken(store, jam.id, "take", (Credit("somebody", 0, 1), Credit("Ada", 1, 2)))
    await store.forget("discord:ada")
    now = await store.piece(take.id)
    assert [each.player for each in now.credits] == ["somebody", "somebody 2"]


async def test_another_of_the_same_name_keeps_it(store: Store) -> None:
    """In a jam in which the forgotten one was not."""
    hers = await opened(store, new_jam("hers", topic="1"))
    other = replace(new_jam("other", topic="2"), host="", players=(Player("discord:ada2", "Ada"),))
    await opened(store, other)
    await taken(store, hers.id, "her take")
    take = await taken(store, other.id, "other take")
    await store.forget("discord:ada")
    assert await store.piece(take.id) == take
    assert (await store.jams.look("other")).jam.players == other.players


async def onward(store: Store) -> StoredPiece:
    """Let Ada's jam be gone on from by Bob alone, and by Eve from that; tell Eve's piece."""
    piece = await taken(store, (await ended(store, new_jam("ada and bob"))).id, "first")
    for player in (Player("discord:bob", "Bob"), Player("discord:eve", "Eve")):
        jam = replace(new_jam(player.name), host="", players=(player,), origin=piece.id)
        credited = (*piece.credits, Credit(player.name, 2, 3))
        piece = await taken(store, (await ended(store, jam)).id, f"{player.name}'s", credited)
    return piece


async def test_what_others_made_of_it_forgets_too(store: Store) -> None:
    """Jams that go on from a jam name those who played in it, at any distance."""
    piece = await onward(store)
    await store.forget("discord:ada")
    now = await store.piece(piece.id)
    assert [each.player for each in now.credits] == ["somebody", "Bob", "somebody", "Bob", "Eve"]
    assert "Ada" not in await kept_words(store)


async def test_what_others_made_of_it_forgets_after_it_is_gone(store: Store) -> None:
    """The earlier jam, as when it was swept, is not needed for that."""
    piece = await onward(store)
    first = JAM.delete().where(JAM.c.id == "ada and bob")
    await store._writer.do(lambda connection: connection.execute(first).rowcount)
    await store.forget("discord:ada")
    now = await store.piece(piece.id)
    assert "Ada" not in {each.player for each in now.credits}


async def test_a_name_that_a_player_has_stays_theirs(store: Store) -> None:
    """Another had it in the jam that theirs goes on from."""
    first = await ended(store, new_jam("first"))
    origin = await taken(store, first.id, "take")
    other = Player("telegram:ada", "Ada")
    jam = replace(new_jam("second"), host=other.key, players=(other,), origin=origin.id)
    later = await taken(store, (await opened(store, jam)).id, "second take")
    await store.forget("discord:ada")
    assert (await store.piece(later.id)).credits == CREDITS
    assert (await store.piece(origin.id)).credits[0].player == "somebody"


async def test_a_name_that_somebody_had_before_is_forgotten(store: Store) -> None:
    """They left before anything was played, and another of that name came."""
    jam = await opened(store, new_jam())
    other = Player("telegram:ada", "Ada")
    await store.jams.keep(replace(moved(jam), host=other.key, players=(other, jam.players[1])))
    take = await taken(store, jam.id, "take")
    await store.forget("discord:ada")
    assert (await store.piece(take.id)).credits == CREDITS
    await store.forget(other.key)
    assert "Ada" not in await kept_words(store)


async def test_a_jam_that_cannot_be_read_is_forgotten_as_a_whole(store: Store) -> None:
    """Nobody can tell what in it is whose."""
    jam = await opened(store, new_jam())
    take = await taken(store, jam.id, "take")
    damaged = update(JAM).values(data=b"?")
    await store._writer.do(lambda connection: connection.execute(damaged).rowcount)
    assert (await store.forget("discord:ada")).jams == (jam.id,)
    with pytest.raises(Gone):
        await store.jams.look(jam.id)
    assert await store.piece(take.id) == replace(take, credits=())


async def test_credits_that_cannot_be_read_are_forgotten(store: Store) -> None:
    """For the same reason; the piece can be read again."""
    jam = await opened(store, new_jam())
    take = await taken(store, jam.id, "take")
    damaged = update(PIECE).values(credits="Ada, bars 1 to 4")
    await store._writer.do(lambda connection: connection.execute(damaged).rowcount)
    with pytest.raises(Gone):
        await store.piece(take.id)
    await store.forget("discord:ada")
    assert (await store.piece(take.id)).credits == ()


async def test_what_is_theirs_alone_goes_as_ever(store: Store) -> None:
    """Beside what they played with others."""
    jam = await opened(store, new_jam())
    await store.accept(new_job("waiting"))
    await store.accept(new_job("done"))
    await store.finished("done", new_piece())
    assert await store.forget("discord:ada") == Forgotten(("done", "waiting"), 1, (jam.id,))


# Sweeping


@pytest.mark.parametrize("end", [Phase.FINISHED, Phase.EXPIRED, Phase.CANCELLED])
async def test_old_jams_are_swept(url: str, clock: Clock, end: Phase) -> None:
    """After their retention, counted from their end, and who played in them."""
    async with await Store.open(url, clock=clock, retention_s=2 * DAY_S) as store:
        jam = await opened(store, new_jam())
        clock.step(3 * DAY_S)
        await store.jams.keep(moved(jam, end))
        await store.jams.deliver(jam.id)
        clock.step(DAY_S)
        await store.sweep()
        assert (await store.jams.look(jam.id)).jam.phase is end
        clock.step(1.5 * DAY_S)
        await store.sweep()
        with pytest.raises(Gone):
            await store.jams.look(jam.id)
        assert not await store._database.rows(select(JAM_PLAYER.c.person))


async def test_numbers_go_on_after_a_sweep(url: str, clock: Clock) -> None:
    """No two jams of a chat ever have the same."""
    async with await Store.open(url, clock=clock, retention_s=DAY_S) as store:
        await ended(store, new_jam("first"), Phase.CANCELLED)
        clock.step(2 * DAY_S)
        await store.sweep()
        assert (await opened(store, new_jam("second"))).number == 2


async def test_jams_under_way_are_never_swept(url: str, clock: Clock) -> None:
    """However long they take, nor one whose piece is not in the chat."""
    async with await Store.open(url, clock=clock, retention_s=DAY_S) as store:
        await opened(store, new_jam("open"))
        await ended(store, new_jam("finished", topic="7"))
        clock.step(99 * DAY_S)
        await store.sweep()
        assert [stored.jam.id for stored in await store.jams.open_ones()] == ["finished", "open"]


async def test_the_takes_of_a_jam_under_way_are_never_swept(url: str, clock: Clock) -> None:
    """It goes on from them; of one that is over they go like all others."""
    async with await Store.open(url, clock=clock, retention_s=DAY_S) as store:
        jam = await opened(store, new_jam("open"))
        over = await ended(store, new_jam("over", topic="7"), Phase.CANCELLED)
        needed = await taken(store, jam.id, "needed")
        old = await taken(store, over.id, "old")
        clock.step(2 * DAY_S)
        await store.sweep()
        assert await store.piece(needed.id) == needed
        with pytest.raises(Gone):
            await store.piece(old.id)
        await store.jams.keep(moved(jam, Phase.FINISHED))
        await store.sweep()
        assert await store.piece(needed.id) == needed
        await store.jams.deliver(jam.id)
        await store.sweep()
        with pytest.raises(Gone):
            await store.piece(needed.id)
