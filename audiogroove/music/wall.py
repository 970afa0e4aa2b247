"""The wall: strangers' bytes become a `Piece` in a child process of limited means, or one refusal.

    read(data) ──size, first letters──▶ Wall ──bytes──▶ child: midi.parse under limits
         ▲                               │ ▲                          │
         └── Piece, rebuilt and checked ─┘ └── plain numbers and text ┘

Who owns what: a `Wall` owns its children and nobody else speaks to them. A child is started when
first needed, kept warm between files, and replaced when it dies, when an answer makes no sense,
and after a number of files. It is a fresh interpreter and no fork, so that threads of the parent
(torch has some) are no danger to it; it inherits neither the environment, where tokens are, nor
open files. It ends by itself when its parent is gone, since the line between them then closes.

`read` uses one `Wall` for the whole process, closed when the process ends; whoever wants other
limits or an earlier end has a `Wall` of their own, best in a `with`. Both block and let other
threads run meanwhile: on an event loop, call them as `await asyncio.to_thread(read, data)`.

Nothing a child says is believed: its answer has bounded size, holds numbers and text only, no
pickles, and becomes a piece through the same constructors as any other.
"""

import atexit
import json
import logging
import resource
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from queue import LifoQueue
from signal import SIGKILL, SIGXCPU
from time import monotonic, process_time
from typing import Self

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music import midi
from audiogroove.music.piece import Piece
from audiogroove.music.spelling import respelled, spelled

MAX_BYTES = 2 * 1024 * 1024
MAX_ANSWER_BYTES = 4 * 1024 * 1024  # 60,000 notes are 1 MB
START_SECONDS = 60.0  # of grace for the child's imports, 0.3 s on an idle machine

_READY = b"+"
_OUT_OF_MEMORY = 12  # the child's exit status, after ENOMEM
_ROOT = Path(__file__).parents[2]  # where the child finds this package
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}  # all that it inherits; threads cost address space
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; `files` is how many files one child may read before it retires."""

    cpu_s: int = 5
    wall_s: float = 8.0
    memory_bytes: int = 1024**3
    files: int = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file, and what it cost.

    `cpu_s` is the processor time of the child, or for a child that died the seconds until then;
    `memory_bytes` the most its child ever held, 0 where no child was asked or none can tell.
    """

    outcome: Piece | SeedRejected
    cpu_s: float = 0.0
    memory_bytes: int = 0


def read(data: bytes) -> Piece:
    """Read a stranger's MIDI file with the process's own wall.

    What is no music within our limits is refused with `SeedRejected`: by the wall itself as
    EMPTY_FILE, TOO_LARGE (bytes), NOT_MIDI, TOO_COSTLY (seconds, where it was time) or DAMAGED,
    the rest by `midi.parse`. Takes 8 s at most, once a child is free; about 5 ms for 500 notes.
    """
    return _own_wall().read(data)


@lru_cache(maxsize=1)
def _own_wall() -> "Wall":
    wall = Wall()
    atexit.register(wall.close)
    return wall


class Wall:
    """A few warm children that read files, one file a child at a time; safe to share by threads.

    `losses` counts the children that died or had to be killed, by cause.
    """

    def __init__(
        self,
        *,
        children: int = 2,
        limits: Limits = Limits(),
        program: Sequence[str] = (sys.executable, "-m", "audiogroove.music.wall"),
    ) -> None:
        self.losses: Counter[str] = Counter()
        self._limits = limits
        self._program = program
        # Each slot is a child or a place for one; last in, first out keeps one child warm.
        self._slots: LifoQueue[_Child | None] = LifoQueue()
        self._size = children
        for _ in range(children):
            self._slots.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all children, those at work when they are done; a later `read` starts new ones."""
        for child in [self._slots.get() for _ in range(self._size)]:
            if child:
                child.end()
            self._slots.put_nowait(None)

    def read(self, data: bytes) -> Piece:
        """Read a stranger's MIDI file; refuses as the module's `read` does."""
        outcome = self.measure(data).outcome
        if isinstance(outcome, SeedRejected):
            raise outcome
        return outcome

    def measure(self, data: bytes) -> Reading:
        """Read a stranger's MIDI file and tell what it cost; refusals are told, not raised.

        A child that cannot be started is no fault of the file: that is a `RuntimeError`.
        """
        try:
            data = _unwrapped(data)
        except SeedRejected as refusal:
            return Reading(refusal)
        child, kept = self._slots.get(), None
        try:
            if child and not child.is_alive():  # the system may have needed its memory
                self.losses["idle"] += 1
                child.end()
                child = None
            child = child or _Child(self._program, self._limits)
            reading = child.read(data)
            if child.files < self._limits.files:
                kept = child
        except _Lost as loss:
            self.losses[loss.cause] += 1
            _LOG.warning("a reading child was lost: %s, %d bytes", loss.cause, len(data))
            reading = Reading(loss.refusal, loss.seconds)
        finally:  # whatever happened, the place is free again and no child is left half-asked
            if child and not kept:
                child.end()
            self._slots.put_nowait(kept)
        return reading


def _unwrapped(data: bytes) -> bytes:
    """Take a MIDI file out of its RIFF wrapper, if it has one.

    Raises:
        SeedRejected: when size or first letters already say that this is no file for us.
    """
    if not data:
        raise SeedRejected(SeedFault.EMPTY_FILE)
    if len(data) > MAX_BYTES:
        raise SeedRejected(SeedFault.TOO_LARGE, found=len(data), limit=MAX_BYTES)
    if data[:4] == b"RIFF" and data[8:16] == b"RMIDdata":
        data = data[20 : 20 + int.from_bytes(data[16:20], "little")]
    if data[:4] != b"MThd":
        raise SeedRejected(SeedFault.NOT_MIDI)
    return data


class _Lost(Exception):
    """A child is of no more use; `refusal` is what that says about the file."""

    def __init__(self, cause: str, refusal: SeedRejected, seconds: float) -> None:
        super().__init__(cause)
        self.cause = cause
        self.refusal = refusal
        self.seconds = seconds


class _Child:
    """One child process and the line to it; used by one thread at a time."""

    def __init__(self, program: Sequence[str], limits: Limits) -> None:
        self.files = 0
        self._limits = limits
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own program, no shell)
                [*program, str(limits.cpu_s), str(limits.memory_bytes)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env=_ENVIRONMENT,
                start_new_session=True,  # Ctrl-C is for the parent
            )
        try:
            _receive(self._line, len(_READY), until=monotonic() + START_SECONDS)
        except (OSError, EOFError) as error:
            self.end()
            raise RuntimeError("the reading child does not start") from error

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Kill and bury: no zombie stays."""
        self._line.close()
        self._process.kill()
        self._process.wait()

    def read(self, data: bytes) -> Reading:
        """Have the child read one file.

        Raises:
            _Lost: when no answer that makes sense came in time.
        """
        begun = monotonic()
        self.files += 1
        try:
            return _understood(self._ask(data, until=begun + self._limits.wall_s))
        except TimeoutError as error:
            limit = self._limits.wall_s
            refusal = SeedRejected(SeedFault.TOO_COSTLY, found=limit, limit=limit)
            raise _Lost("time", refusal, limit) from error
        except (OSError, EOFError) as error:
            cause, refusal = self._why_it_died()
            raise _Lost(cause, refusal, monotonic() - begun) from error
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            refusal = SeedRejected(SeedFault.DAMAGED)
            raise _Lost("nonsense", refusal, monotonic() - begun) from error

    def _ask(self, data: bytes, *, until: float) -> bytes:
        self._line.settimeout(max(0.001, until - monotonic()))
        self._line.sendall(len(data).to_bytes(4, "big") + data)
        size = int.from_bytes(_receive(self._line, 4, until=until), "big")
        if size > MAX_ANSWER_BYTES:
            raise ValueError(size)
        return _receive(self._line, size, until=until)

    def _why_it_died(self) -> tuple[str, SeedRejected]:
        self._line.close()  # so that it ends, should it live yet
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "crash", SeedRejected(SeedFault.DAMAGED)
        if code == -SIGXCPU:
            limit = self._limits.cpu_s
            return "processor", SeedRejected(SeedFault.TOO_COSTLY, found=limit, limit=limit)
        if code in {_OUT_OF_MEMORY, -SIGKILL}:  # the latter is how the system takes memory back
            return "memory", SeedRejected(SeedFault.TOO_COSTLY)
        return "crash", SeedRejected(SeedFault.DAMAGED)


def _receive(line: socket.socket, size: int, *, until: float) -> bytes:
    """Receive so many bytes before a moment of the monotonic clock.

    Raises:
        TimeoutError: when they have not come by then.
        EOFError: when the line is closed at the other end.
    """
    received = bytearray()
    while len(received) < size:
        line.settimeout(max(0.001, until - monotonic()))
        part = line.recv(min(size - len(received), 65_536))
        if not part:
            raise EOFError
        received += part
        if monotonic() > until:
            raise TimeoutError
    return bytes(received)


def serve(parse: Callable[[bytes], Piece] = midi.parse) -> None:
    """Answer files until the line closes: what the child does.

    The line is standard input, a socket; the last two arguments of the command are the seconds
    of processor time a file may take and the bytes of memory the process may have.
    """
    cpu_s, memory_bytes = (int(argument) for argument in sys.argv[-2:])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=sys.stdin.fileno()) as line, line.makefile("rwb") as stream:
        line.sendall(_READY)
        while head := stream.read(4):
            data = stream.read(int.from_bytes(head, "big"))
            _allow_processor(cpu_s)
            try:
                answer = _answer(parse, data)
            except MemoryError:
                sys.exit(_OUT_OF_MEMORY)
            stream.write(len(answer).to_bytes(4, "big") + answer)
            stream.flush()


def _allow_processor(seconds: int) -> None:
    """Let the process have so many seconds more at most, less at most one.

    The system counts whole seconds from the start of a process and ends it on reaching the
    limit, inside a library's loop too: so the limit moves ahead of what was used.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(process_time()) + seconds, hard))


def _answer(parse: Callable[[bytes], Piece], data: bytes) -> bytes:
    """Spell what became of a file, as JSON; `_understood` is the inverse."""
    begun = process_time()
    said: dict[str, object]
    try:
        said = {"piece": spelled(parse(data))}
    except SeedRejected as refusal:
        said = {"refusal": (refusal.fault, refusal.found, refusal.limit)}
    said["cpu_s"] = process_time() - begun
    said["memory_bytes"] = _most_memory_bytes()
    return json.dumps(said).encode()


def _most_memory_bytes() -> int:
    # Not `ru_maxrss`, which a new process inherits from the one that started it.
    try:
        _, _, after = Path("/proc/self/status").read_text("ascii").partition("VmHWM:")
    except OSError:  # a system without /proc
        return 0
    return int(after.split()[0]) * 1024


def _understood(answer: bytes) -> Reading:
    """Rebuild what a child said; any of half a dozen errors says that it makes no sense."""
    said = json.loads(answer)
    cost = float(said["cpu_s"]), int(said["memory_bytes"])
    if "refusal" not in said:
        return Reading(respelled(**said["piece"]), *cost)
    fault, *amounts = said["refusal"]
    found, limit = (None if amount is None else float(amount) for amount in amounts)
    return Reading(SeedRejected(SeedFault(fault), found=found, limit=limit), *cost)


if __name__ == "__main__":
    serve()
