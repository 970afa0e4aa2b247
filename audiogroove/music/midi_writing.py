"""A `Piece` as bytes of a MIDI file: the way out of `audiogroove.music.midi`, which says its laws.

The layout of bytes is that of the Standard MIDI Files specification 1.0.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from audiogroove.music.credits import Credits, players_by_bar, players_of
from audiogroove.music.instruments import instrument
from audiogroove.music.piece import MAX_NAME_CHARS, STEPS_PER_QUARTER, Note, Part, Piece

TICKS_PER_QUARTER = 480
TICKS_PER_STEP = TICKS_PER_QUARTER // STEPS_PER_QUARTER
DRUM_CHANNEL = 9

_BETWEEN = ": "  # a player and their part
_HALF_NAME_CHARS = (MAX_NAME_CHARS - len(_BETWEEN)) // 2

_Strokes = frozenset[tuple[int, int]]  # (tick, pitch)


def write(piece: Piece, credited: Credits, *, most_tracks: int) -> bytes:
    """Write a file of type 1; as if without credits where they would make too many tracks."""
    free = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    channels = [DRUM_CHANNEL if part.is_drums else next(free) for part in piece.parts]
    shares = [list(_shares(piece, at, credited)) for at in range(len(piece.parts))]
    if sum(map(len, shares)) > most_tracks:
        shares = [[part] for part in piece.parts]
    tracks = [_conductor(piece)]
    for channel, players in zip(channels, shares, strict=True):
        tracks += _tracks(players, channel)
    header = (1, len(tracks), TICKS_PER_QUARTER)
    start = _chunk(b"MThd", b"".join(number.to_bytes(2, "big") for number in header))
    return start + b"".join(_chunk(b"MTrk", track) for track in tracks)


def _shares(piece: Piece, at: int, credited: Credits) -> Iterator[Part]:
    """Yield what each player has played of a part, what is nobody's first; else the whole part."""
    part = piece.parts[at]
    players = players_by_bar(credited, at, piece.bars)
    if not any(players):
        yield part
        return
    notes: dict[str, list[Note]] = {player: [] for player in ("", *players_of(credited))}
    lines, bar = piece.bar_lines, 0
    for note in part.notes:
        while lines[bar + 1] <= note.onset:
            bar += 1
        notes[players[bar]].append(note)
    for player, theirs in notes.items():
        if theirs:
            name = _credit(player, part) if player else part.name
            yield replace(part, notes=tuple(theirs), name=name)


def _credit(player: str, part: Part) -> str:
    """Name a track "Ann: Bass", of a length that `parse` keeps: two long names are both cut."""
    what = part.name.strip() or instrument(part.program, is_drums=part.is_drums).word.capitalize()
    room = MAX_NAME_CHARS - len(_BETWEEN)
    who = player[: max(_HALF_NAME_CHARS, room - len(what))]
    return who + _BETWEEN + what[: room - len(who)]


def _conductor(piece: Piece) -> bytes:
    events = [(0, _meta(0x03, piece.title.encode()))] if piece.title else []
    lines = piece.bar_lines
    for bar, meter in piece.meters:
        power = meter.denominator.bit_length() - 1
        clicks = 24 * meter.beat_steps // STEPS_PER_QUARTER  # of the metronome, 24 a quarter
        events.append((lines[bar], _meta(0x58, bytes((meter.numerator, power, clicks, 8)))))
    for step, bpm in piece.tempos:
        events.append((step, _meta(0x51, round(60e6 / bpm).to_bytes(3, "big"))))
    if piece.key:
        minor = piece.key.mode == "minor"
        sharps = ((piece.key.tonic - 9 * minor) * 7 + 5) % 12 - 5  # -5..6
        events.append((0, _meta(0x59, bytes((sharps % 256, minor)))))
    events.sort(key=lambda event: event[0])
    return _events((step * TICKS_PER_STEP, event) for step, event in events)


def _tracks(shares: list[Part], channel: int) -> Iterator[bytes]:
    """Yield the tracks of one channel.

    A note whose pitch another track strikes where it ends is let go a tick before: programs that
    lay the tracks of a channel together may otherwise end the new note with the old one.
    """
    if len(shares) == 1:
        yield _track(shares[0], channel)
        return
    struck = [
        frozenset((note.onset * TICKS_PER_STEP, note.pitch) for note in share.notes)
        for share in shares
    ]
    everywhere: _Strokes = frozenset().union(*struck)
    for share, own in zip(shares, struck, strict=True):
        yield _track(share, channel, everywhere - own)


def _track(part: Part, channel: int, elsewhere: _Strokes = frozenset()) -> bytes:
    events = [(0, 0, _meta(0x03, part.name.encode()))] if part.name else []
    events.append((0, 1, bytes((0xC0 | channel, part.program))))
    for note in part.notes:
        start, end = note.onset * TICKS_PER_STEP, note.end * TICKS_PER_STEP
        end -= (end, note.pitch) in elsewhere
        events.append((start, 3, bytes((0x90 | channel, note.pitch, note.velocity))))
        events.append((end, 2, bytes((0x80 | channel, note.pitch, 64))))
    return _events((tick, event) for tick, _, event in sorted(events))


def _events(events: Iterable[tuple[int, bytes]]) -> bytes:
    """Join (tick, event) in order into the body of a track, with its end."""
    body = bytearray()
    now = 0
    for tick, event in events:
        body += _quantity(tick - now) + event
        now = tick
    return bytes(body) + _quantity(0) + _meta(0x2F, b"")


def _meta(kind: int, data: bytes) -> bytes:
    return bytes((0xFF, kind)) + _quantity(len(data)) + data


def _quantity(number: int) -> bytes:
    """Spell a number in sevens of bits, the highest first, all but the last marked."""
    spelled = [number & 0x7F]
    while number := number >> 7:
        spelled.append(number & 0x7F | 0x80)
    return bytes(reversed(spelled))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + body
