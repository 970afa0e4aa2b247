"""A piece that one process began to deliver and another one ends."""

import pytest

from bots.chat import Unreachable
from tests.bots.telegram.stage import RAG, STATUS, Placed, ScriptedEar, Stage, deliver
from tests.fakes.telegram import TelegramFake


@pytest.mark.parametrize(
    ("method", "stands"), [("editMessageMedia", 0), ("sendAudio", 1), ("sendDocument", 2)]
)
async def test_a_delivery_that_was_cut_off_goes_on_where_it_was(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar, method: str, stands: int
) -> None:
    """Whichever message Telegram was ill at: the address that was noted last is enough."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    placed = Placed()
    async with stage.running() as door:
        await fake.say(ann, chat, "/compose")
        address = await (await ear.line()).open(STATUS)
        fake.fail(method, code=502)
        with pytest.raises(Unreachable):
            await door.deliver(address, RAG, nonce="job", placed=placed)
    assert len(placed.addresses) == stands

    async with stage.running() as door:
        await deliver(door, placed.last if stands else address, RAG)

    kinds = [message.media and message.media.kind for message in chat.from_bot]
    assert kinds == ["photo", "audio", "document"]
    assert [message.caption for message in chat.from_bot] == [RAG.text, "", ""]
