"""How often cards change, by a clock that is moved: Telegram counts edits as it does messages."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from asyncio_throttle.throttler import Throttler

from bots.chat import Address, Reply
from bots.sender import Sender
from bots.telegram.door import TelegramDoor
from bots.telegram.pace import ChatPace
from bots.telegram.place import Place, to_address
from bots.telegram.post import Post
from tests.bots.telegram.cards import CARD, TAKE
from tests.bots.telegram.stage import SONG, deliver
from tests.fakes.telegram import Chat, TelegramFake
from tests.fakes.telegram.client import bot_at


class Clock:
    """A clock that goes on when somebody sleeps, unless it is stopped."""

    def __init__(self) -> None:
        """Begin at some time."""
        self.now_s = 1000.0
        self.sleeps = asyncio.Queue[float]()
        self._steps = asyncio.Queue[None]()
        self._is_stopped = False

    def __call__(self) -> float:
        """Tell the time."""
        return self.now_s

    async def sleep(self, pause_s: float) -> None:
        """Let the time pass."""
        self.sleeps.put_nowait(pause_s)
        if self._is_stopped:
            await self._steps.get()
        self.now_s += pause_s

    def stop(self) -> None:
        """Let no time pass but in steps; nobody is known to sleep yet."""
        self._is_stopped = True
        while not self.sleeps.empty():
            self.sleeps.get_nowait()

    def step(self) -> None:
        """Let one sleep pass."""
        self._steps.put_nowait(None)


@dataclass
class Scene:
    """A group on a fake Telegram, and a door to it."""

    fake: TelegramFake
    band: Chat
    post: Post
    door: TelegramDoor
    clock: Clock

    async def put_up(self) -> Address:
        """Put up a card."""
        return to_address(await self.post.send(Place(self.band.id), CARD))

    async def revise(self, address: Address, *cards: Reply) -> Address:
        """Bring a card up to date as often as it goes, without a pause."""
        for card in cards:
            address = await self.door.revise(address, card, nonce="1")
        return address


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    """Set up a Telegram that refuses what is too much.

    Yields:
        The scene; nothing was too much in the end.
    """
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    clock = Clock()
    throttler = Throttler(1000, 1.0)  # of all chats together: not what this is about
    async with (
        TelegramFake(clock=clock) as fake,
        bot_at(fake.origin, fake.token) as bot,
        Sender(throttler, ChatPace(), clock=clock, sleep=clock.sleep) as sender,
    ):
        fake.flood.is_enforced = True
        post = Post(bot, sender)
        band = fake.supergroup("Band", fake.user("Ann"))
        yield Scene(fake, band, post, TelegramDoor(post), clock)
        assert fake.flood.violations == []
        assert fake.violations == []


def said(number: int) -> Reply:
    """Spell a card that says something else each time."""
    return replace(CARD, text=f"Bars 1-{number}")


async def test_a_card_that_changes_all_the_time_is_never_too_much(scene: Scene) -> None:
    """Twenty a minute are taken: the twenty-fifth comes after that, and is seen."""
    begun_s = scene.clock()

    await scene.revise(await scene.put_up(), *map(said, range(25)))

    assert scene.band.last.text == "Bars 1-24"
    assert scene.clock() - begun_s > 60.0


async def test_pictures_and_sounds_are_counted_as_well(scene: Scene) -> None:
    """Each take is two changes."""
    address = await scene.revise(await scene.put_up(), *[TAKE] * 12)

    assert len(scene.band.from_bot) == 2
    assert address["message"] == str(scene.band.from_bot[0].id)


async def test_at_its_own_pace_a_card_leaves_room_for_others(scene: Scene) -> None:
    """A minute of changes, and a piece in the middle of them need not wait."""
    address = await scene.put_up()
    for number in range(15):
        await scene.revise(address, said(number))
        scene.clock.now_s += scene.door.card_pause_s(address)
    before_s = scene.clock()

    await deliver(scene.door, scene.door.beside(address), SONG)

    assert scene.clock() == before_s


async def test_a_finished_piece_goes_before_a_card(scene: Scene) -> None:
    """Where both wait for the minute to pass, and then one message is taken."""
    address = await scene.put_up()
    scene.clock.now_s += 5.0
    await scene.revise(address, *map(said, range(19)))
    scene.clock.stop()

    async with asyncio.TaskGroup() as tasks:
        card = tasks.create_task(scene.revise(address, said(20)))
        await scene.clock.sleeps.get()
        piece = tasks.create_task(deliver(scene.door, scene.door.beside(address), SONG))
        await scene.clock.sleeps.get()
        scene.clock.step()
        first, _ = await asyncio.wait({card, piece}, return_when=asyncio.FIRST_COMPLETED)
        scene.clock.step()

    assert first == {piece}


async def test_one_group_s_card_is_not_another_group_s_delay(scene: Scene) -> None:
    """Each has a minute of its own."""
    address = await scene.revise(await scene.put_up(), *map(said, range(19)))
    before_s = scene.clock()
    other = replace(scene, band=scene.fake.supergroup("Choir", scene.fake.user("Bob")))

    await other.revise(await other.put_up(), said(1))

    assert scene.clock() == before_s
    await scene.revise(address, said(20))
    assert scene.clock() > before_s
