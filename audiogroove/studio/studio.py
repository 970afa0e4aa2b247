"""Where previews are asked for."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog

from audiogroove.errors import RenderingFailed, StoreFailed
from audiogroove.render import crafts
from audiogroove.render.legend import Legend
from audiogroove.render.product import MADE_BY, Making, Product
from audiogroove.render.roll import video
from audiogroove.render.sound.encoding import SoundFormat, encode
from audiogroove.render.sound.stretch import MAX_SECONDS, Stretch, heard_part
from audiogroove.render.sound.synthesiser import RATE_HZ, Recording, Synthesiser
from audiogroove.store import Store
from audiogroove.store.renderings import Rendering
from audiogroove.store.rows import StoredPiece
from audiogroove.studio.bench import Bench

EDITION = "2"  # counted up when anything that is made looks or sounds otherwise than before
SOUND_THREADS = 1  # a second would take the cores from composing
PATIENCE_S = 30.0  # for one making, with all that is made before it

_SOUNDS = {
    Making.MP3: (SoundFormat.MP3, Product.MP3),
    Making.OPUS: (SoundFormat.OPUS, Product.OPUS),
}
_NEED_SOUND = (*_SOUNDS, Making.VIDEO)
T = TypeVar("T")
Files = dict[str, bytes]  # by name
_Key = tuple[str, Making, str]  # the id of a piece, what is made of it, and its edition
_LOG = structlog.get_logger()


class Studio:
    """Makes previews of pieces, each once, and keeps them in the store."""

    def __init__(
        self,
        store: Store,
        describe: Callable[[StoredPiece], Legend],
        *,
        soundfont: Path | None = None,
        made: Callable[[Making, float], None] = lambda _making, _seconds: None,
    ) -> None:
        """Set up a studio; `describe` writes the words of a piece, `made` is told what took long.

        `soundfont` is what sounds are made of, where it can be used.
        """
        self._store, self._describe, self._made = store, describe, made
        self._soundfont = soundfont
        self._synthesiser: Synthesiser | None = None
        self._bench = Bench()
        self._threads = ThreadPoolExecutor(SOUND_THREADS, "sound")
        self._under_way: dict[_Key, asyncio.Task[Files]] = {}
        self._askers: Counter[_Key] = Counter()
        self._keeping: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Get ready; without FluidSynth that is said once, and everything else goes on."""
        try:
            self._synthesiser = await asyncio.to_thread(Synthesiser.open, self._soundfont)
        except RenderingFailed as failure:
            _LOG.warning("no sound", fault=failure.fault)
        else:
            if self._synthesiser.complaint:
                _LOG.error("the SoundFont cannot be used", fault=self._synthesiser.complaint)
            _LOG.info("sound", soundfont=self._synthesiser.font)
        try:
            await self._bench.do(Making.ROLL.what, crafts.warm_up)
        except RenderingFailed as failure:  # the next one has a process of its own
            _LOG.error("no picture as yet", fault=failure.fault)

    async def close(self) -> None:
        """End; what is being made comes to nothing."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *self._keeping, return_exceptions=True)
        await self._bench.close()
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        if self._synthesiser:
            self._synthesiser.close()

    def can(self, product: Product) -> bool:
        """Tell whether a product can be made on this machine."""
        if product is Product.VIDEO and not video.is_available():
            return False
        return self._synthesiser is not None or MADE_BY[product] not in _NEED_SOUND

    def legend(self, stored: StoredPiece) -> Legend:
        """Tell what is written beside the notes of a piece."""
        return self._describe(stored)

    async def make(self, stored: StoredPiece, product: Product) -> bytes:
        """Make a product, or fetch it from the store; several who ask at once wait for one.

        Raises:
            RenderingFailed: when it cannot be made, or not in time.
        """
        if not self.can(product):
            raise RenderingFailed(MADE_BY[product].what, fault="this machine cannot make any")
        return (await self._files(stored, MADE_BY[product]))[product]

    async def pages(self, stored: StoredPiece) -> list[bytes]:
        """Make the first pages of the score as PNG pictures; refused as `make` refuses."""
        files = await self._files(stored, Making.SCORE)
        return [data for name, data in files.items() if name not in set(Product)]

    # Once.

    async def _files(self, stored: StoredPiece, making: Making) -> Files:
        """Make all files of a making, or fetch them; when the last asker leaves it is given up."""
        key = (stored.id, making, self._edition(stored, making))
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._kept_or_made(stored, making, key[-1]))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._settle(key, done))
        self._askers[key] += 1
        try:
            return await asyncio.shield(task)
        finally:
            self._askers[key] -= 1
            if not self._askers[key]:
                del self._askers[key]
                if self._under_way.get(key) is task and not task.done():
                    del self._under_way[key]  # whoever asks from now on has it made anew
                    task.cancel()

    def _settle(self, key: _Key, task: asyncio.Task[Files]) -> None:
        if self._under_way.get(key) is task:
            del self._under_way[key]
        failure = None if task.cancelled() else task.exception()
        if failure:
            _LOG.warning("a preview failed", piece=key[0], making=key[1], exc_info=failure)

    async def _kept_or_made(self, stored: StoredPiece, making: Making, edition: str) -> Files:
        kept = await self._store.rendering(stored.id, making, edition)
        if kept is not None:
            return crafts.unpacked(kept)
        began_s = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S):
                files = await self._craft(stored, making)
        except TimeoutError as error:
            raise RenderingFailed(making.what, fault=f"not done in {PATIENCE_S:g} s") from error
        self._made(making, time.monotonic() - began_s)
        rendering = Rendering(stored.id, making, edition, crafts.packed(files))
        keeping = asyncio.create_task(self._keep(rendering))  # nobody need wait for it
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)
        return files

    async def _keep(self, rendering: Rendering) -> None:
        try:
            await self._store.keep_rendering(rendering)
        except StoreFailed as failure:
            _LOG.warning("a preview was not kept", name=rendering.name, fault=failure.fault)

    def _edition(self, stored: StoredPiece, making: Making) -> str:
        """Name all that a making depends on besides the notes."""
        if self._synthesiser is None or making not in _NEED_SOUND:
            return EDITION
        # What is heard hangs on who is credited, and a player may be forgotten.
        first_bar = self._stretch(stored, making).first_bar
        return f"{EDITION} {self._synthesiser.font} {first_bar}"

    # Making.

    async def _craft(self, stored: StoredPiece, making: Making) -> Files:
        piece, legend = stored.piece, self.legend(stored)
        if making not in _NEED_SOUND:
            craft = crafts.draw if making is Making.ROLL else crafts.engrave
            return await self._bench.do(making.what, craft, piece, legend)
        stretch = self._stretch(stored, making)
        if making is Making.VIDEO:
            recording = await self._in_thread(lambda left: self._play(stored, stretch, left))
            heard_of_it = recording.samples, RATE_HZ, stretch.from_s
            return await self._bench.do(making.what, crafts.film, piece, legend, *heard_of_it)
        sound_format, product = _SOUNDS[making]
        sound = await self._in_thread(
            lambda left: encode(
                self._play(stored, stretch, left),
                sound_format,
                title=legend.title,
                artist=legend.artist,
            )
        )
        return {product: sound}

    def _stretch(self, stored: StoredPiece, making: Making) -> Stretch:
        most_s = video.MAX_S if making is Making.VIDEO else MAX_SECONDS
        return heard_part(stored.piece, self.legend(stored), max_s=most_s)

    def _play(
        self, stored: StoredPiece, stretch: Stretch, is_cancelled: Callable[[], bool]
    ) -> Recording:
        if self._synthesiser is None:
            raise RenderingFailed("sound", fault="FluidSynth is missing")
        return self._synthesiser.play(stored.piece, stretch, is_cancelled=is_cancelled)

    async def _in_thread(self, work: Callable[[Callable[[], bool]], T]) -> T:
        """Work in a thread; when nobody waits any more, it is told to stop."""
        left = threading.Event()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, work, left.is_set)
        finally:
            left.set()
