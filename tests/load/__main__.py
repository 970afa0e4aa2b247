"""Measure AudioGroove in a crowd, between fakes of both chats, all as processes of their own.

Ends with status 1 when an ask was lost or answered twice, or a platform had to object.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from signal import SIGTERM

from tests.load import scenarios
from tests.load.figures import Row, counts, newcomers, process, table, waits
from tests.load.scenarios import Terms
from tests.load.stage import Fallen, Run

SHOWN = 5  # of each kind of trouble
A_CROWD = 1000  # enough for a small share to be somebody


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for and print it; the exit status."""
    options = parse(arguments)
    try:
        return asyncio.run(measure(options))
    except Fallen as fallen:
        sys.stderr.write(f"AudioGroove ended by itself:\n{fallen}\n")
        return 1
    except asyncio.CancelledError:
        return 128 + SIGTERM


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    add = parser.add_argument
    add("--people", type=int, default=0, help="who ask all at once")
    add("--split", type=float, default=0.5, help="the share of people who are on Discord")
    add("--each", type=int, default=1, help="how often each of them asks")
    add("--one-by-one", type=int, default=0, help="people who ask one after the other")
    add("--pile", type=int, default=0, help="asks of one person, before a newcomer's")
    add("--bars", type=int, default=16, help="how long the pieces are")
    add("--model", type=Path, help="a model's folder, instead of the one that comes along")
    add("--threads", type=int, default=1, help="the cores that composing may use")
    add("--queue", type=int, default=500, help="how many requests may wait")
    add("--json", action="store_true", help="print JSON, a line a scenario")
    options = parser.parse_args(arguments)
    if not options.people + options.one_by_one + options.pile:
        parser.error("one of --people, --one-by-one and --pile is needed")
    return options


async def measure(options: argparse.Namespace) -> int:
    """Play one scenario after the other, and print each when it is over.

    On SIGTERM it is cancelled, so that no process is left behind.
    """
    task = asyncio.current_task()
    assert task
    asyncio.get_running_loop().add_signal_handler(SIGTERM, task.cancel)
    is_clean = True
    async for title, run, rows in _played(options):
        is_clean = is_clean and run.is_clean
        sys.stdout.write(_told(title, rows, is_json=options.json))
        sys.stdout.flush()
        sys.stderr.write(_troubles(run))
    return 0 if is_clean else 1


async def _played(
    options: argparse.Namespace,
) -> AsyncIterator[tuple[str, Run, dict[str, list[Row]]]]:
    settings = {
        "AUDIOGROOVE_THREADS": str(options.threads),
        "AUDIOGROOVE_QUEUE": str(options.queue),
    }
    if options.model:
        settings["AUDIOGROOVE_MODEL"] = str(options.model.resolve())
    terms = Terms(_split(options.people, options.split), options.bars, settings)
    if options.people:
        run = await scenarios.crowd(terms, options.each)
        yield f"{options.people:,} people at once, {options.bars} bars each", run, _rows(run)
    if options.one_by_one:
        alone = replace(terms, people=_split(options.one_by_one, options.split))
        run = await scenarios.one_by_one(alone)
        yield f"{options.one_by_one:,} people one by one, {options.bars} bars each", run, _rows(run)
    if options.pile:
        anybody = replace(terms, people=_split(A_CROWD, options.split))
        piled = await scenarios.pile(anybody, options.pile)
        rows = {"newcomer": newcomers(piled.alone, piled.behind)} | _rows(piled.run)
        yield f"A newcomer behind {options.pile:,} asks of one person", piled.run, rows


def _split(people: int, share: float) -> dict[str, int]:
    on_discord = round(people * share)
    return {"Discord": on_discord, "Telegram": people - on_discord}


def _rows(run: Run) -> dict[str, list[Row]]:
    return {"answers": counts(run), "waits": waits(run), "process": process(run)}


def _told(title: str, rows: dict[str, list[Row]], *, is_json: bool) -> str:
    if is_json:
        return json.dumps({"scenario": title, **rows}, ensure_ascii=False) + "\n"
    tables = (table(each) for each in rows.values() if each)
    return "\n\n".join([f"## {title}", *tables]) + "\n\n"


def _troubles(run: Run) -> str:
    """Tell of everything that should not be, some of each kind."""
    lines = [f"{count}× {said}" for said, count in run.complaints.most_common(SHOWN)]
    for account in run.accounts:
        lines += [f"{account.chat}: lost at “{each.last_words}”" for each in account.lost[:SHOWN]]
        lines += [f"{account.chat}: {each}" for each in account.doubled[:SHOWN]]
        lines += [f"{account.chat}: {each}" for each in account.violations[:SHOWN]]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
