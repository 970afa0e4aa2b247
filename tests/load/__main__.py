"""Measure AudioGroove in a crowd, between fakes of both chats, all as processes of their own.

Ends with status 1 when an ask or a jam's piece was lost or answered twice, or a platform had to
object.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from signal import SIGTERM

from tests.load import scenarios
from tests.load.band import NAMES
from tests.load.card import deed
from tests.load.figures import Row, counts, newcomers, process, table, waits
from tests.load.jam_figures import jam_counts, jam_presses, jam_waits
from tests.load.jams import JamRun, JamTerms, jams
from tests.load.scenarios import Terms
from tests.load.stage import Fallen, Run

SHOWN = 5  # of each kind of trouble
PIECE_BARS, TURN_BARS = 16, 4
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
    add("--jams", type=int, default=0, help="jams that are played at once")
    add("--players", type=int, default=4, choices=range(1, len(NAMES) + 1), help="of each jam")
    add("--rounds", type=int, default=1, help="how often the turn of each comes")
    add("--wait", type=float, default=0.0, help="the seconds before they press something")
    add("--noise", action="store_true", help="others press all the time what is not theirs")
    add("--bars", type=int, help="how long the pieces are: 16; in jams the turns: 4")
    add("--model", type=Path, help="a model's folder, instead of the one that comes along")
    add("--threads", type=int, default=1, help="the cores that composing may use")
    add("--queue", type=int, default=500, help="how many requests may wait")
    add("--json", action="store_true", help="print JSON, a line a scenario")
    options = parser.parse_args(arguments)
    if not options.people + options.one_by_one + options.pile + options.jams:
        parser.error("one of --people, --one-by-one, --pile and --jams is needed")
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
) -> AsyncIterator[tuple[str, Run | JamRun, dict[str, list[Row]]]]:
    settings = {
        "AUDIOGROOVE_THREADS": str(options.threads),
        "AUDIOGROOVE_QUEUE": str(options.queue),
    }
    if options.model:
        settings["AUDIOGROOVE_MODEL"] = str(options.model.resolve())
    bars = options.bars or PIECE_BARS
    terms = Terms(_split(options.people, options.split), bars, settings)
    if options.people:
        run = await scenarios.crowd(terms, options.each)
        yield f"{options.people:,} people at once, {bars} bars each", run, _rows(run)
    if options.one_by_one:
        alone = replace(terms, people=_split(options.one_by_one, options.split))
        run = await scenarios.one_by_one(alone)
        yield f"{options.one_by_one:,} people one by one, {bars} bars each", run, _rows(run)
    if options.pile:
        anybody = replace(terms, people=_split(A_CROWD, options.split))
        piled = await scenarios.pile(anybody, options.pile)
        rows = {"newcomer": newcomers(piled.alone, piled.behind)} | _rows(piled.run)
        yield f"A newcomer behind {options.pile:,} asks of one person", piled.run, rows
    if options.jams:
        played = await jams(_jam_terms(options, settings))
        title = f"{options.jams:,} jams of {options.players} at once"
        yield title, played, _jam_rows(played)


def _jam_terms(options: argparse.Namespace, settings: Mapping[str, str]) -> JamTerms:
    return JamTerms(
        jams=_split(options.jams, options.split),
        players=options.players,
        bars=options.bars or TURN_BARS,
        rounds=options.rounds,
        wait_s=options.wait,
        is_noisy=options.noise,
        settings=settings,
    )


def _split(people: int, share: float) -> dict[str, int]:
    on_discord = int(people * share)
    return {"Discord": on_discord, "Telegram": people - on_discord}


def _rows(run: Run) -> dict[str, list[Row]]:
    told = process(run.vitals, asking_s=run.asking_s, took_s=run.took_s)
    return {"answers": counts(run), "waits": waits(run), "process": told}


def _jam_rows(run: JamRun) -> dict[str, list[Row]]:
    told = process(run.vitals, asking_s=run.opening_s, took_s=run.took_s)
    rows = {"jams": jam_counts(run), "waits": jam_waits(run)}
    return rows | {"presses": jam_presses(run), "process": told}


def _told(title: str, rows: dict[str, list[Row]], *, is_json: bool) -> str:
    if is_json:
        return json.dumps({"scenario": title, **rows}, ensure_ascii=False) + "\n"
    tables = (table(each) for each in rows.values() if each)
    return "\n\n".join([f"## {title}", *tables]) + "\n\n"


def _troubles(run: Run | JamRun) -> str:
    """Tell of everything that should not be, some of each kind."""
    lines = [f"{count}× {said}" for said, count in run.vitals.complaints.most_common(SHOWN)]
    lines += _of_jams(run) if isinstance(run, JamRun) else _of_asks(run)
    return "".join(f"{line}\n" for line in lines)


def _of_asks(run: Run) -> list[str]:
    lines = []
    for account in run.accounts:
        lines += [f"{account.chat}: lost at “{each.last_words}”" for each in account.lost[:SHOWN]]
        lines += [f"{account.chat}: {each}" for each in account.doubled[:SHOWN]]
        lines += [f"{account.chat}: {each}" for each in account.violations[:SHOWN]]
    return lines


def _of_jams(run: JamRun) -> list[str]:
    lines = []
    for account in run.accounts:
        wrong = [*account.lost.items(), *account.doubled.items(), *account.stale.items()]
        presses = [*account.unanswered[:SHOWN], *account.upsetting[:SHOWN]]
        in_turn = (each for each in account.presses if not each.press.is_out_of_turn)
        refused = Counter(
            f"{deed(each.press.data)[0]}: {each.refusal}" for each in in_turn if each.refusal
        )
        lines += [f"{account.chat}: jam {jam}: {each}" for jam, each in wrong[:SHOWN]]
        lines += [f"{account.chat}: {each}" for each in presses]
        lines += [f"{account.chat}: {each}" for each in account.violations[:SHOWN]]
        lines += [
            f"{account.chat}: {count}× in turn, {said}"
            for said, count in refused.most_common(SHOWN)
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
