from dataclasses import replace

import pytest

from audiogroove.errors import FileUnreachable
from bots.chat import Attachment
from tests.bots.discord.stage import MIDI, Stage

CDN = r"/.*attachments/.*"


async def attached(stage: Stage) -> Attachment:
    """Let ann send a file along with a command."""
    await stage.fake.slash(stage.ann, stage.channel, "continue", attachment=("song.mid", MIDI))
    ask, _ = await stage.ear.next()
    assert ask.seed
    return ask.seed


async def test_expired_link(stage: Stage) -> None:
    """Links die after a day."""
    seed = await attached(stage)
    stage.fake.expire_links()
    with pytest.raises(FileUnreachable) as caught:
        await seed.fetch()
    assert caught.value.name == "song.mid"


async def test_file_that_is_not_as_large_as_told(stage: Stage) -> None:
    """Half a file is not a seed."""
    seed = await attached(stage)
    files = stage.fake.world.files
    for key, sent in files.items():
        files[key] = replace(sent, data=sent.data[:-4])
    with pytest.raises(FileUnreachable):
        await seed.fetch()


@pytest.mark.parametrize("how", [{"status": 500}, {"is_reset": True}])
async def test_failing_store_of_files(stage: Stage, how: dict[str, object]) -> None:
    """Whatever fails there is one clear fault."""
    seed = await attached(stage)
    stage.fake.fail("GET", CDN, times=5, **how)
    with pytest.raises(FileUnreachable):
        await seed.fetch()
