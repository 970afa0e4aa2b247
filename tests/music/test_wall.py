"""The wall between strangers' bytes and us: its limits are exceeded here on purpose."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL
from textwrap import dedent
from time import monotonic

import pytest
from hypothesis import given, settings

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music import wall as wall_module
from audiogroove.music.midi import write
from audiogroove.music.piece import Note, Part, Piece, clean_name
from audiogroove.music.spelling import spelled
from audiogroove.music.wall import Limits, Wall, read
from tests.strategies import pieces

ROOT = Path(__file__).parents[2]
PIECE = Piece((Part((Note(0, 60, 12),), name="Piano"),), 1, title="One note")
FILE = write(PIECE)
SLOWLY = Limits(wall_s=60.0)  # as long as a busy machine needs


def child(parse: str) -> tuple[str, ...]:
    """Spell the command of a child that reads every file with this expression of `data`."""
    code = f"""
        import os, resource, signal, sys, threading, time
        from audiogroove.music.piece import Note, Part, Piece
        from audiogroove.music.wall import serve
        def named(title):
            return Piece((Part((Note(0, 60, 12),)),), 1, title=str(title))
        serve(lambda data: {parse})
    """
    return (sys.executable, "-c", dedent(code))


FOR_EVER = "[0 for _ in iter(int, 1)]"
ASLEEP = "threading.Event().wait()"
WHO_ARE_YOU = child("named(os.getpid())")


def _fault(wall: Wall, data: bytes = FILE) -> tuple[SeedFault, float | None]:
    with pytest.raises(SeedRejected) as refusal:
        wall.read(data)
    return refusal.value.fault, refusal.value.limit


def _is_gone(pid: str) -> bool:
    """Tell whether a process has ended; one of another parent may still wait to be buried."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii")
    except FileNotFoundError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def _is_gone_soon(pid: str) -> bool:
    until = monotonic() + 20.0
    while not _is_gone(pid) and monotonic() < until:
        os.sched_yield()
    return _is_gone(pid)


@pytest.fixture(scope="module")
def warm() -> Iterator[Wall]:
    """Keep an ordinary wall.

    Yields:
        The wall, warm from file to file.
    """
    with Wall(children=1, limits=SLOWLY) as wall:
        yield wall


# What comes through


def test_a_good_file_comes_through(warm: Wall) -> None:
    """The same piece as without a wall, and what it cost."""
    reading = warm.measure(FILE)
    assert reading.outcome == PIECE
    assert 0.0 <= reading.cpu_s < 1.0
    assert 10_000_000 < reading.memory_bytes < 300_000_000


def test_a_refusal_comes_through_with_its_facts(warm: Wall) -> None:
    """Fault, amount and limit, as `midi.parse` found them."""
    with pytest.raises(SeedRejected) as refusal:
        warm.read(write(Piece((Part((Note(0, 60, 12),)),), 1)).replace(b"\x01\xe0", b"\0\x0c", 1))
    found = refusal.value
    assert (found.fault, found.found, found.limit) == (SeedFault.IMPOSSIBLE_VALUES, 12, 24)


@given(pieces())
@settings(max_examples=30, deadline=None)
def test_any_legal_piece_survives_the_passage(piece: Piece) -> None:
    """What a child says of a piece is enough to rebuild it."""
    reading = wall_module._understood(wall_module._answer(lambda _: piece, b""))
    assert reading.outcome == replace(piece, title=clean_name(piece.title))


def test_the_largest_file_is_not_too_large(warm: Wall) -> None:
    """2 MB are read, one byte more is not."""
    full = FILE + bytes(wall_module.MAX_BYTES - len(FILE))
    assert warm.read(full) == PIECE
    assert _fault(warm, full + b"\0") == (SeedFault.TOO_LARGE, wall_module.MAX_BYTES)


# Limits, exceeded


@pytest.mark.parametrize(
    ("parse", "limits", "fault", "limit", "cause"),
    [
        pytest.param(FOR_EVER, Limits(cpu_s=1, wall_s=60.0), SeedFault.TOO_COSTLY, 1.0,
                     "processor", id="computes for ever"),
        pytest.param(ASLEEP, Limits(wall_s=0.5), SeedFault.TOO_COSTLY, 0.5, "time",
                     id="never answers"),
        pytest.param("bytearray(2**31)", SLOWLY, SeedFault.TOO_COSTLY, None, "memory",
                     id="wants 2 GB"),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", SLOWLY, SeedFault.TOO_COSTLY, None,
                     "memory", id="is killed by the system"),
        pytest.param("os.abort()", SLOWLY, SeedFault.DAMAGED, None, "crash", id="crashes"),
        pytest.param("1 / 0", SLOWLY, SeedFault.DAMAGED, None, "crash", id="raises"),
        pytest.param("open('/tmp/x', 'w').write('x' * 9999)", SLOWLY, SeedFault.DAMAGED, None,
                     "crash", id="writes a file"),
        pytest.param("None", SLOWLY, SeedFault.DAMAGED, None, "crash", id="finds no piece"),
    ],
)  # fmt: skip
def test_a_child_past_its_limits_costs_one_refusal(
    parse: str, limits: Limits, fault: SeedFault, limit: float | None, cause: str
) -> None:
    """The file is refused, the child counted as lost and buried."""
    with Wall(children=1, limits=limits, program=child(parse)) as wall:
        assert (fault, limit) == _fault(wall)
        assert {cause: 1} == wall.losses


SAYS = """
import socket, sys
line = socket.socket(fileno=0).makefile("rwb")
line.write(b"+"); line.flush()
line.read(int.from_bytes(line.read(4), "big"))
answer = {answer}
line.write({size}.to_bytes(4, "big") + answer); line.flush()
line.read()
"""
COST = '"cpu_s": 0, "memory_bytes": 0'
SPELLED = json.dumps(spelled(PIECE))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("", id="nothing"),
        pytest.param("\ufffd{", id="no JSON"),
        pytest.param("[]", id="a list"),
        pytest.param("[" * 100_000, id="100,000 brackets"),
        pytest.param(f"{{{COST}}}", id="neither piece nor refusal"),
        pytest.param(f'{{"refusal": ["bored", null, null], {COST}}}', id="an unknown fault"),
        pytest.param(f'{{"refusal": ["damaged"], {COST}}}', id="half a refusal"),
        pytest.param(f'{{"piece": {SPELLED.replace("60", "128")}, {COST}}}', id="pitch 128"),
        pytest.param(f'{{"piece": {SPELLED.replace("60", "1e999")}, {COST}}}', id="no number"),
        pytest.param(f'{{"piece": {SPELLED.replace("120.0", "NaN")}, {COST}}}', id="no tempo"),
        pytest.param(
            f'{{"piece": {SPELLED.replace("title", "titel")}, {COST}}}', id="a strange word"
        ),
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(answer: str) -> None:
    """Whatever a child that was taken over may say, it is a piece by our laws or damaged."""
    says = SAYS.format(answer=repr(answer.encode()), size="len(answer)")
    with Wall(children=1, limits=SLOWLY, program=(sys.executable, "-c", says)) as wall:
        assert _fault(wall) == (SeedFault.DAMAGED, None)
        assert wall.losses == {"nonsense": 1}


def test_an_answer_of_4_gigabytes_is_not_waited_for() -> None:
    """Its announced size is enough to end the talk."""
    says = SAYS.format(answer='b"x"', size="0xFFFFFFFF")
    with Wall(children=1, limits=SLOWLY, program=(sys.executable, "-c", says)) as wall:
        assert _fault(wall) == (SeedFault.DAMAGED, None)


def test_processor_time_is_counted_by_file() -> None:
    """What earlier files used is added to a child's limit: after 1.1 s, 2 s more end at 3 s."""
    work = "[None for _ in iter(lambda: time.process_time() > 1.1, True)]"
    parse = f"{work} and None or named(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    limits = Limits(cpu_s=2, wall_s=60.0)
    with Wall(children=1, limits=limits, program=child(parse)) as wall:
        assert [wall.read(FILE).title for _ in range(2)] == ["2", "3"]


def test_a_child_that_does_not_start_is_no_fault_of_the_file() -> None:
    """A broken installation is an error of ours, and the place stays free for another try."""
    with Wall(children=1, program=(sys.executable, "-c", "")) as wall:
        for _ in range(2):
            with pytest.raises(RuntimeError, match="does not start"):
                wall.read(FILE)


# Ownership


def test_a_child_stays_warm_and_retires() -> None:
    """With two files to a child, three files take two children."""
    limits = Limits(wall_s=60.0, files=2)
    with Wall(children=1, limits=limits, program=WHO_ARE_YOU) as wall:
        first, second, third = (wall.read(FILE).title for _ in range(3))
        assert first == second != third
        assert _is_gone(first)


def test_a_lost_child_is_replaced() -> None:
    """After a crash, and after an idle child was killed, files are read as before."""
    parse = "os.abort() if b'crash' in data else named(os.getpid())"
    with Wall(children=1, limits=SLOWLY, program=child(parse)) as wall:
        first = wall.read(FILE).title
        assert _fault(wall, FILE + b"crash") == (SeedFault.DAMAGED, None)
        second = wall.read(FILE).title
        os.kill(int(second), SIGKILL)
        assert _is_gone_soon(second)
        assert len({first, second, wall.read(FILE).title}) == 3
        assert wall.losses == {"crash": 1, "idle": 1}


def test_many_threads_share_a_few_children() -> None:
    """Forty files from eight threads are read by two children, each answer by the one asked."""
    program = child("named(f'{os.getpid()} {data[-1]}')")
    with Wall(children=2, limits=SLOWLY, program=program) as wall, ThreadPoolExecutor(8) as pool:
        titles = list(pool.map(lambda n: wall.read(FILE + bytes((n,))).title, range(40)))
    assert [str(n) for n in range(40)] == [title.split()[1] for title in titles]
    assert 1 <= len({title.split()[0] for title in titles}) <= 2


def test_closing_ends_the_children() -> None:
    """Nothing is left, not even a zombie; and a wall may be used again."""
    with Wall(children=1, limits=SLOWLY, program=WHO_ARE_YOU) as wall:
        first = wall.read(FILE).title
        wall.close()
        with pytest.raises(ProcessLookupError):
            os.kill(int(first), 0)
        assert first != wall.read(FILE).title


def test_an_event_loop_goes_on_while_a_wicked_file_is_read() -> None:
    """In half a second of waiting for a child, a loop ticks on."""

    async def ticks() -> int:
        with Wall(children=1, limits=Limits(wall_s=0.5), program=child(ASLEEP)) as wall:
            reading = asyncio.create_task(asyncio.to_thread(wall.read, FILE))
            count = 0
            while not reading.done():
                await asyncio.sleep(0.01)
                count += 1
            with suppress(SeedRejected):
                await reading
        return count

    assert asyncio.run(ticks()) > 15


def test_a_child_inherits_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows nothing of the environment, and has the line, two dead ends and what it opens."""
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    seen = "named(f\"{os.environ.get('DISCORD_TOKEN')} {len(os.listdir('/proc/self/fd'))}\")"
    with Path(__file__).open("rb"), Wall(children=1, limits=SLOWLY, program=child(seen)) as wall:
        assert wall.read(FILE).title == "None 4"


PARENT = """
import sys
from audiogroove.music import wall
wall.read(bytes.fromhex(sys.argv[1]))
children = [child for child in wall._own_wall()._slots.queue if child]
print(*(child._process.pid for child in children), flush=True)
"""


@pytest.mark.parametrize("farewell", ["", "sys.stdin.read()"], ids=["ends", "is killed"])
def test_no_child_outlives_its_parent(farewell: str) -> None:
    """Neither one that comes to its end, nor one that is killed without a word."""
    command = [sys.executable, "-c", PARENT + farewell, FILE.hex()]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = parent.stdout.readline().strip()
        assert pid.isdigit()
        if farewell:
            parent.kill()
        parent.wait()
    assert _is_gone_soon(pid)


def test_the_process_has_a_wall_of_its_own() -> None:
    """`read` needs nothing to be set up."""
    assert read(FILE) == PIECE
    wall_module._own_wall().close()
