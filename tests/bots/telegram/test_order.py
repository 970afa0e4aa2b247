"""Who waits for whom: messages of one chat for each other, nobody else."""

import asyncio

from telegram import Update

from bots.chat import Ask, Line
from bots.telegram.order import ChatOrder
from tests.bots.telegram.stage import ScriptedEar, Stage
from tests.fakes.telegram import TelegramFake


async def test_a_slow_chat_is_no_other_chats_delay(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Ann's second message waits for her first; Bob's waits for nobody."""
    ann, bob = fake.user("Ann"), fake.user("Bob")
    gate = asyncio.Event()

    async def wait_for_bob(ask: Ask, _line: Line) -> None:
        if ask.text == "first":
            await gate.wait()

    ear.script = wait_for_bob
    async with stage.running():
        await fake.say(ann, fake.private(ann), "/compose first")
        await fake.say(ann, fake.private(ann), "/compose second")
        await fake.say(bob, fake.private(bob), "/compose other")
        heard = [(await ear.ask()).text]
        gate.set()
        heard += [(await ear.ask()).text, (await ear.ask()).text]

    assert heard == ["other", "first", "second"]


async def test_a_chat_where_nothing_happens_is_forgotten() -> None:
    """There are more chats than could be kept for ever."""
    order = ChatOrder()
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 1, "date": 0, "chat": chat}
    update = Update.de_json({"update_id": 1, "message": message}, None)
    under_way: list[int] = []

    async def work() -> None:
        under_way.append(len(order))

    await order.process_update(update, work())

    assert under_way == [1]
    assert len(order) == 0
