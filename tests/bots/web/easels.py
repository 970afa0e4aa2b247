"""A gallery whose jams are as a test puts them up, and a band that has one."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from audiogroove.errors import Gone
from audiogroove.jam.jam import Jam, Kind, Phase, Player, Spot, Take, Turn
from audiogroove.jam.settings import Settings, Way
from audiogroove.music.credits import Credit
from audiogroove.music.piece import Key, Meter
from audiogroove.request import ComposeRequest
from audiogroove.store import Store
from audiogroove.store.rows import NewJob, NewPiece, StoredPiece, jam_person
from bots.jams.view import JamView, Written
from bots.jams.watch import Watch
from tests.dialogues.stage import played

ANN = Player("discord:1001", "Ann")
BEN = Player("telegram:2002", "Ben")
CAS = Player("discord:3003", "Cas", is_parked=True)
SETTINGS = Settings(Way.SECTIONS, "ragtime", Key(2, "minor"), 120.0, Meter(), bars=4, rounds=2)
LONG_S = 600.0


class Easels:
    """Shows jams; each change is news to those who watch."""

    def __init__(self) -> None:
        """Begin with none."""
        self._views: dict[str, JamView] = {}
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)

    def put_up(self, view: JamView) -> str:
        """Show a jam as it is now, and tell its id."""
        self._views[view.jam.id] = view
        for watch in self._watches[view.jam.id]:
            watch.tell()
        return view.jam.id

    def take_down(self, jam_id: str) -> None:
        """Forget a jam."""
        del self._views[jam_id]

    async def look(self, jam_id: str) -> JamView:
        """Tell how a jam stands.

        Raises:
            Gone: when it was never put up.
        """
        if jam_id not in self._views:
            raise Gone("jam")
        return self._views[jam_id]

    @contextmanager
    def watch(self, jam_id: str) -> Iterator[Watch]:
        """Watch a jam.

        Yields:
            The watch.
        """
        watch = Watch(lambda: self._views[jam_id])
        self._watches[jam_id].add(watch)
        try:
            yield watch
        finally:
            self._watches[jam_id].discard(watch)


def band(jam_id: str = "k3v9x2m4qa", **how: Any) -> Jam:
    """Have Ann, Ben and Cas jam: it is Ann's turn, the first, and Cas is away."""
    now_s = time.time()
    jam = Jam(
        id=jam_id,
        spot=Spot("discord", "discord:guild.9009", "4004"),
        settings=SETTINGS,
        host=ANN.key,
        players=(ANN, BEN, CAS),
        created_s=now_s,
        deadline_s=now_s + LONG_S,
        ends_s=now_s + 10 * LONG_S,
        phase=Phase.TURN,
        number=3,
        turns=1,
        turn=Turn(1, 1, ANN.key),
    )
    return replace(jam, **how)


async def heard(jam: Jam, store: Store, *players: Player) -> JamView:
    """Let these players play four bars each; the last of them still judges theirs."""
    stored = [await _kept(store, jam, players[: at + 1]) for at in range(len(players))]
    *laid, judged = [
        Take(at + 1, 1, 1, player.key, Kind.PLAYED, piece.id, 4 * at, 4 * at + 4)
        for at, (player, piece) in enumerate(zip(players, stored, strict=True))
    ]
    turn = Turn(judged.turn, 1, judged.player, roll=1)
    judging = replace(jam, phase=Phase.HEARING, turn=turn, takes=tuple(laid), take=judged)
    return JamView(judging, stored[-1])


async def _kept(store: Store, jam: Jam, players: tuple[Player, ...]) -> StoredPiece:
    """Keep what so many turns came to; the same twice is the same."""
    bars = 4 * len(players)
    job = f"jam.{jam.id}.{bars}"
    request = ComposeRequest(seed=bars, style="ragtime", bars=bars)
    new = NewJob(job, "jam", jam.spot.chat, jam_person(jam.id), request, {}, None)
    if await store.accept(new) is not None:
        credited = tuple(
            Credit(player.name, 4 * at, 4 * at + 4) for at, player in enumerate(players)
        )
        await store.finished(job, NewPiece(played(request), "ragtime", 0.1, credits=credited))
    return await store.piece_of_job(job)


def kept(view: JamView) -> JamView:
    """Keep the take that is judged; it is Ben's turn."""
    jam = view.jam
    assert jam.take
    takes, turn = (*jam.takes, jam.take), Turn(jam.turns + 1, 2, BEN.key)
    return replace(view, jam=replace(jam, phase=Phase.TURN, takes=takes, take=None, turn=turn))


def composing(view: JamView, bars: int, total: int) -> JamView:
    """Have so many bars of the next take composed."""
    jam = replace(view.jam, phase=Phase.TAKING)
    return replace(view, jam=jam, written=Written(bars, total))


def over(view: JamView, phase: Phase = Phase.FINISHED) -> JamView:
    """End it."""
    return replace(view, jam=replace(view.jam, phase=phase, turn=None, take=None))
