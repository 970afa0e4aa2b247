"""Random and damaged bytes thrown at the wall, to see that it stands.

Half a dozen small files are damaged in the ways in which files get damaged or are made to harm;
others are random from the first byte, from the header or from the first event on. Whatever comes
of them, it has to be a piece or a refusal, within the limits.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from time import monotonic

from audiogroove.errors import SeedRejected
from audiogroove.music.midi import write
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.music.wall import Wall


@dataclass(frozen=True, slots=True)
class FuzzReport:
    """What became of so many byte strings, and what the dearest of them cost.

    `outcomes` counts by "piece" or the fault's value; `losses` counts lost children by cause.
    """

    count: int
    outcomes: Mapping[str, int]
    losses: Mapping[str, int]
    max_cpu_s: float
    max_memory_bytes: int
    seconds: float


def fuzz(count: int, seed: int) -> FuzzReport:
    """Throw so many byte strings at a wall of its own; equal seeds throw equal strings."""
    dice = Random(seed)
    bases = [write(piece) for piece in _pieces()]
    outcomes: Counter[str] = Counter()
    max_cpu_s, max_memory_bytes = 0.0, 0
    begun = monotonic()
    with Wall(children=1) as wall:
        for _ in range(count):
            reading = wall.measure(thrown(dice, bases))
            outcomes[_name(reading.outcome)] += 1
            max_cpu_s = max(max_cpu_s, reading.cpu_s)
            max_memory_bytes = max(max_memory_bytes, reading.memory_bytes)
        losses = dict(wall.losses)
    return FuzzReport(
        count, dict(outcomes), losses, max_cpu_s, max_memory_bytes, monotonic() - begun
    )


def _name(outcome: Piece | SeedRejected) -> str:
    return outcome.fault.value if isinstance(outcome, SeedRejected) else "piece"


def thrown(dice: Random, bases: list[bytes]) -> bytes:
    """Make one byte string: a damaged base, three times in four, or a random one."""
    if dice.random() < 0.25:
        return dice.choice(_INVENTIONS)(dice)
    data = dice.choice(bases)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        data = dice.choice(_DAMAGES)(dice, data, bases)
    return data


def _somewhere(dice: Random, data: bytes) -> int:
    return dice.randrange(len(data) + 1)


def _truncate(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    return data[: _somewhere(dice, data)]


def _flip(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    flipped = bytearray(data)
    for at in dice.choices(range(len(data)), k=dice.randint(1, 8)) if data else ():
        flipped[at] ^= 1 << dice.randrange(8)
    return bytes(flipped)


def _insert(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    at = _somewhere(dice, data)
    return data[:at] + dice.randbytes(dice.randint(1, 16)) + data[at:]


def _delete(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    at = _somewhere(dice, data)
    return data[:at] + data[at + dice.randint(1, 16) :]


def _splice(dice: Random, data: bytes, bases: list[bytes]) -> bytes:
    other = dice.choice(bases)
    return data[: _somewhere(dice, data)] + other[_somewhere(dice, other) :]


def _repeat(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    one, two = sorted((_somewhere(dice, data), _somewhere(dice, data)))
    return data[:two] + data[one:two] * dice.choice((1, 10, 100)) + data[two:]


def _flood(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    at = _somewhere(dice, data)
    return (
        data[:at] + dice.choice((b"\x00", b"\xff", b"\x7f")) * dice.randint(1, 10_000) + data[at:]
    )


def _lengthen(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    """Give a chunk another length: none, nearly right, or huge."""
    places = [at for at in range(len(data) - 8) if data[at : at + 4] in {b"MThd", b"MTrk"}]
    if not places:
        return data
    at = dice.choice(places) + 4
    right = int.from_bytes(data[at : at + 4], "big")
    length = dice.choice((0, 1, right - 1, right + 1, 2 * right, 2**31 - 1, 2**31, 2**32 - 1))
    return data[:at] + (length % 2**32).to_bytes(4, "big") + data[at + 4 :]


def _behead(dice: Random, data: bytes, _: list[bytes]) -> bytes:
    """Give the header another format, count of tracks or division."""
    at = dice.choice((8, 10, 12))
    number = dice.choice((0, 1, 2, 3, 23, 24, 0x7FFF, 0x8000, 0xE728, 0xFFFF))
    return data[:at] + number.to_bytes(2, "big") + data[at + 2 :]


def _noise(dice: Random) -> bytes:
    return dice.randbytes(dice.randint(0, 300))


def _noise_after_header(dice: Random) -> bytes:
    return b"MThd" + bytes((0, 0, 0, 6, 0, dice.randrange(4), 0, 2)) + dice.randbytes(200)


def _noise_of_events(dice: Random) -> bytes:
    """Make a sound file with a track of random messages, most of them well formed."""
    body = bytearray()
    for _ in range(dice.randint(1, 200)):
        status = dice.choice((0x80, 0x90, 0x90, 0x90, 0xA0, 0xB0, 0xC0, 0xE0, 0xF0, 0xFF))
        body += dice.choice((b"\x00", b"\x30", b"\x83\x60", dice.randbytes(4)))
        body += bytes((status | dice.randrange(16), dice.randrange(128), dice.randrange(128)))
    header = b"MThd" + bytes((0, 0, 0, 6, 0, 0, 0, 1, 1, 0xE0))
    return header + b"MTrk" + len(body).to_bytes(4, "big") + bytes(body)


_DAMAGES: tuple[Callable[[Random, bytes, list[bytes]], bytes], ...] = (
    _truncate,
    _flip,
    _insert,
    _delete,
    _splice,
    _repeat,
    _flood,
    _lengthen,
    _behead,
)
_INVENTIONS = (_noise, _noise_after_header, _noise_of_events)


def _pieces() -> tuple[Piece, ...]:
    """Make the pieces whose files are damaged: small, each with something the others lack."""
    scale = tuple(Note(12 * at, 60 + pitch, 12) for at, pitch in enumerate((0, 2, 4, 5, 7, 9, 11)))
    chords = tuple(
        Note(48 * bar, pitch, 48, 64)
        for bar in range(8)
        for pitch in (48 + bar, 52 + bar, 55 + bar)
    )
    beat = tuple(Note(6 * at, 36 if at % 4 == 0 else 42, 1, 100) for at in range(64))
    band = (Part(chords, 48, name="Strings"), Part(scale, 73), Part(beat, is_drums=True))
    changing = ((0, Meter(3, 4)), (2, Meter(7, 8)), (5, Meter(4, 4)))
    return (
        Piece((Part((Note(0, 60, 12),)),), 1),
        Piece((Part(scale, 0, name="Scale"),), 2, key=Key(0), title="Scale"),
        Piece(band, 8, tempos=((0, 96.0), (96, 140.5)), key=Key(9, "minor")),
        Piece((Part(beat, is_drums=True),), 9, changing),
        Piece(tuple(Part(scale, program) for program in range(0, 120, 8)), 2),
        Piece((Part(tuple(Note(4 * at, 64, 3) for at in range(900))),), 75),
    )
