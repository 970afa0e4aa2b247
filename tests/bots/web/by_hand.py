"""Look at the page, with the shipped model and real previews behind it.

    python -m tests.bots.web.by_hand --port 8080 --folder /tmp/page

Files of the page are read anew at each request.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from audiogroove.model import checkpoint
from audiogroove.service.composer import Composer
from audiogroove.store import Store
from audiogroove.studio import Studio
from bots.describing import legend
from bots.web.options import Options
from tests.bots.web.stage import Setting, Stage


@asynccontextmanager
async def real_studio(store: Store) -> AsyncIterator[Studio]:
    """Open the real studio.

    Yields:
        The studio.
    """
    studio = Studio(store, legend)
    try:
        await studio.start()
        yield studio
    finally:
        await studio.close()


async def show(folder: Path, port: int) -> None:
    """Serve the page until interrupted."""
    model = await asyncio.to_thread(checkpoint.load, checkpoint.SHIPPED)
    engine = Composer(lambda: model)
    await engine.start()
    options = Options.of(model.name, model.customs)
    setting = Setting(engine=engine, studio=real_studio, options=options, port=port)
    try:
        async with Stage(folder, setting) as stage:
            sys.stdout.write(f"{stage.url}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
    finally:
        await engine.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Look at the page.")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--folder", type=Path, default=Path("build/page"), help="of the database")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(show(asked.folder, asked.port))
