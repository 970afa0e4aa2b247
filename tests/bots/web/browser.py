"""A real browser for tests of the page: the system's Chromium, without a window.

A module that uses these fixtures names this one in its `pytest_plugins` and lives in one event
loop, as the browser does: `pytest.mark.asyncio(loop_scope="module")`.
"""

import io
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, nullcontext
from functools import cache

import numpy as np
import pytest
import pytest_asyncio
import soundfile
from playwright.async_api import Browser, async_playwright, expect

from audiogroove.model import checkpoint
from audiogroove.render.product import Product
from audiogroove.tokens.customs import Custom
from bots.web.options import Options
from tests.bots.web.easels import Easels
from tests.bots.web.stage import Held, Setting, Sketches, Stage
from tests.bots.web.visitor import PATIENCE_MS, Inn, Visitor

ANY_SOUND_S, RATE_HZ = 200.0, 8_000


@cache
def quiet() -> bytes:
    """Make a sound file that a browser plays, longer than the pieces of the stage."""
    file = io.BytesIO()
    silence = np.zeros(int(ANY_SOUND_S * RATE_HZ), np.float32)
    soundfile.write(file, silence, RATE_HZ, format="MP3")
    return file.getvalue()


@cache
def shipped_options() -> Options:
    """Read what can be wished for from the shipped model, without waking it."""
    about = json.loads((checkpoint.SHIPPED / "config.json").read_text("utf-8"))
    customs = {style: Custom.of(custom) for style, custom in about["customs"].items()}
    return Options.of(about["name"], customs)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """Start the system's Chromium, once for a module.

    Yields:
        The browser.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium on this machine (apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Open a house with a sound that plays and an engine that a test can hold.

    Yields:
        The house.
    """
    can_not = frozenset({Product.VIDEO, Product.OPUS})
    setting = Setting(
        engine=Held(),
        studio=lambda _: nullcontext(Sketches(sound=quiet(), can_not=can_not)),
        options=shipped_options(),
        gallery=Easels(),
    )
    async with Stage(tmp_path_factory.mktemp("house"), setting) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def inn(chromium: Browser, house: Stage) -> AsyncIterator[Inn]:
    """Let a test's visitors in; its engine writes at once.

    Yields:
        The inn.
    """
    assert isinstance(house.engine, Held)
    house.engine.gate.set()
    async with AsyncExitStack() as stack:
        yield Inn(chromium, house, house.engine, stack)


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(inn: Inn) -> Visitor:
    """Let somebody in, at a desk."""
    return await inn.visitor()
