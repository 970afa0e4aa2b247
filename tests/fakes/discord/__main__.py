"""Serve a Discord on its own: `python -m tests.fakes.discord --port 0`.

Writes one line of JSON, {"url", "control", "token"}, when it listens, and runs until it is
killed.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from tests.fakes.discord.control import ControlledFake
from tests.fakes.discord.server import Setup


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    usual = Setup()
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=usual.token)
    parser.add_argument("--shards", type=int, default=usual.shards)
    parser.add_argument("--message-content", action="store_true")
    parser.add_argument("--upload-limit-bytes", type=int, default=usual.upload_limit_bytes)
    parser.add_argument(
        "--lenient", action="store_true", help="do not judge bodies by the API description: faster"
    )
    return parser.parse_args(arguments)


async def serve(options: argparse.Namespace) -> None:
    """Serve for ever."""
    setup = Setup(
        token=options.token,
        message_content=options.message_content,
        shards=options.shards,
        upload_limit_bytes=options.upload_limit_bytes,
        judges_bodies=not options.lenient,
    )
    fake = ControlledFake(setup)
    await fake.start(options.port)
    told = {"url": fake.url, "control": f"{fake.origin}/control", "token": setup.token}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(parse(sys.argv[1:])))
