"""The console: what is typed, and what is written on the screen and into the folder."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from audiogroove.errors import FileUnreachable
from bots.chat import Address, Ask, Button, File, Line, Reply, Verb
from bots.console import Console, Terminal
from bots.doors import Doors

PIECE = Reply(
    "A waltz", (File("waltz.mid", b"MThd"),), ((Button("🎲 Again", Verb.AGAIN, "k3v9"),),)
)


class Echo:
    """An ear that keeps what it hears, and delivers a piece for everything."""

    def __init__(self, doors: Doors) -> None:
        """Hear nothing yet."""
        self.asks: list[Ask] = []
        self._doors = doors

    async def hear(self, ask: Ask, line: Line) -> None:
        """Deliver a waltz."""
        self.asks.append(ask)
        address = await line.open(Reply("One moment"))
        door = await self._doors.reach("console")
        await door.show(address, Reply("Nearly"))
        await door.deliver(address, PIECE, nonce=ask.id, placed=nowhere)


async def nowhere(_: Address) -> None:
    """Keep no address."""


async def at_once() -> None:
    """Be done."""


async def typed(*lines: str) -> AsyncGenerator[str]:
    """Type lines.

    Yields:
        One after the other.
    """
    for line in lines:
        yield f"{line}\n"


async def play(folder: Path, *lines: str) -> tuple[list[Ask], str]:
    """Type lines at a console; what was asked, and what was shown."""
    doors, shown = Doors(), list[str]()
    ear = Echo(doors)
    terminal = Terminal(typed(*lines), shown.append, folder, in_turn=True)
    await Console(ear, doors, terminal, at_once).run()
    assert not doors.is_open("console")
    return ear.asks, "".join(shown)


async def test_words_are_a_wish_and_the_piece_is_a_file(tmp_path: Path) -> None:
    """The screen says where it is."""
    (ask,), shown = await play(tmp_path, "compose slow waltz", "")
    assert (ask.verb, ask.text) == (Verb.COMPOSE, "slow waltz")
    assert (tmp_path / "waltz.mid").read_bytes() == b"MThd"
    assert f"{tmp_path / 'waltz.mid'}\nA waltz\n[1] 🎲 Again\n> " in shown


async def test_a_number_presses_a_button(tmp_path: Path) -> None:
    """The last ones that were shown."""
    (_, press), _ = await play(tmp_path, "waltz", "1")
    assert (press.verb, press.subject, press.is_press) == (Verb.AGAIN, "k3v9", True)


async def test_a_file_name_is_a_seed(tmp_path: Path) -> None:
    """With a command or without."""
    tune = tmp_path / "tune.mid"
    tune.write_bytes(b"MThd....")
    (first, second), _ = await play(tmp_path, f"vary bars 1-2 {tune}", str(tune))
    assert (first.verb, first.text) == (Verb.VARY, "bars 1-2")
    assert Verb.CONTINUE is second.verb
    assert first.seed
    assert first.seed.size_bytes == len(await first.seed.fetch())


async def test_a_file_that_is_not_there_is_told_when_it_is_wanted(tmp_path: Path) -> None:
    """As on any platform."""
    (ask,), _ = await play(tmp_path, "continue lost.mid")
    assert ask.seed
    with pytest.raises(FileUnreachable, match="lost"):
        await ask.seed.fetch()


async def test_quit_ends_it(tmp_path: Path) -> None:
    """Nothing after it is heard."""
    asks, _ = await play(tmp_path, "quit", "waltz")
    assert asks == []
