"""Compositions looked up, in memory and in the store."""

from pathlib import Path

import pytest

from audiogroove.store import Store
from bots.web.client import new_token
from bots.web.compositions import Compositions, Standing, State
from bots.web.line import job_of
from bots.web.looking import Lookup, NoComposition
from tests.store.builders import TUNE, new_job, new_piece


async def test_a_piece_is_found_before_its_end_is_told(tmp_path: Path) -> None:
    """It is in the store a moment earlier, and whoever asked then may know of it already."""
    token, compositions = new_token(), Compositions()
    async with await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}") as store:
        lookup = Lookup(store, compositions)
        await store.accept(new_job(job_of(token)))
        compositions.note(token, "web:ann", Standing(State.WAITING))
        with pytest.raises(NoComposition):
            await lookup.piece(token)
        await store.finished(job_of(token), new_piece())
        assert (await lookup.piece(token)).piece == TUNE
