"""A fake Telegram in a process of its own: `python -m tests.fakes.telegram --port 0`.

Prints one line of JSON, {"origin": …, "token": …}, once it listens; ends with SIGTERM or SIGINT.
"""

import argparse
import asyncio
import json
import signal
import sys

from tests.fakes.telegram import TOKEN, TelegramFake


async def serve(port: int, token: str) -> None:
    """Serve until told to end."""
    is_over = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, is_over.set)
    async with TelegramFake(port=port, token=token) as fake:
        sys.stdout.write(json.dumps({"origin": fake.origin, "token": fake.token}) + "\n")
        sys.stdout.flush()
        await is_over.wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--token", default=TOKEN)
    asked = parser.parse_args()
    asyncio.run(serve(asked.port, asked.token))


if __name__ == "__main__":
    main()
