"""Bytes of a MIDI file ⇄ `Piece`, in this process.

What `parse` takes in is checked for values no piece has and laid on the grid, so that nothing
later has to look at the bytes again. Strangers' bytes go through `audiogroove.music.wall`, which
calls `parse` in a child of limited means; the trainer calls `parse` directly.

What kinds of file become:

    type 0 and 1        one part for each channel, track and program that has notes
    type 2              the first pattern that has notes: the patterns are independent pieces,
                        and nothing in the file says in which order to play them
    SMPTE time          a quarter note every half second: such files know seconds, not beats
    karaoke             its notes; the words are left out
    all drum tracks     one drum part, the last
    > 15 melodic parts  those of one program are joined, then those of one General MIDI family,
                        then the nearest
    played, humanised   laid on the grid beat by beat: see `audiogroove.music.quantise`
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from symusic import Score

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music import midi_writing, quantise
from audiogroove.music.credits import Credits
from audiogroove.music.piece import (
    DENOMINATORS,
    MAX_MELODIC_PARTS,
    MAX_NOTES,
    STEPS_PER_QUARTER,
    TEMPO_RANGE_BPM,
    Key,
    Meter,
    Note,
    Part,
    Piece,
    bar_lines,
    clean_name,
)

MAX_TRACKS = 64
MAX_SECONDS = 30 * 60
MAX_TEMPOS = 4_000
TICKS_PER_QUARTER_RANGE = (24, 32_767)
DEFAULT_BPM = 120.0

_TITLE_SEARCH_BYTES = 1024
_NAME_EVENT = b"\x00\xff\x03"  # at once, a meta event, a track's name


@dataclass(frozen=True, slots=True)
class _Voice:
    """One track of the file as parallel columns; times in steps."""

    name: str
    program: int
    is_drums: bool
    starts: quantise.Floats
    lengths: quantise.Floats
    pitches: quantise.Ints
    velocities: quantise.Ints


def parse(data: bytes) -> Piece:
    """Read the bytes of a MIDI file as a piece on the grid; the inverse is `write`.

    Takes about 1.5 ms for 500 notes. Limits: 24..32,767 ticks a quarter note, 1..60,000 notes,
    64 tracks with notes, 30 minutes, 2,000 bars, meters of 1..32 over 1, 2, 4, 8, 16 or 32.
    Tempos are brought into 20..400 bpm; an impossible key signature counts as none.

    Raises:
        SeedRejected: when they are no MIDI file (NOT_MIDI), cannot be understood (DAMAGED), or
            pass one of these limits (NO_NOTES, TOO_…, IMPOSSIBLE_VALUES).
    """
    if data[:4] != b"MThd" or len(data) < 14:
        raise SeedRejected(SeedFault.NOT_MIDI)
    data, bpm = _in_quarters(data)
    score = _first_pattern(data) if data[8:10] == b"\x00\x02" else _score(data)
    tick = _checked_tick(score.tpq)
    parts = _parts(_voices(score, tick), tick)
    end = max(note.end for part in parts for note in part.notes)
    meters, bars = quantise.bars(_meters(score, tick), end)
    steps = bar_lines(meters, bars)[-1]
    tempos = ((0, bpm),) if bpm else _tempos(score, tick, steps)
    _check_seconds(tempos, end)
    return Piece(parts, bars, meters, tempos, _key(score), _title(data))


def _in_quarters(data: bytes) -> tuple[bytes, float | None]:
    """Rewrite a header that counts frames a second as one of quarter notes; tell their tempo."""
    if not data[12] & 0x80:
        return data, None
    frames = 256 - data[12]
    ticks_per_second = (30_000 / 1001 if frames == 29 else frames) * data[13]
    ticks = min(round(ticks_per_second * 60 / DEFAULT_BPM), TICKS_PER_QUARTER_RANGE[1])
    bpm = 60 * ticks_per_second / max(1, ticks)
    return data[:12] + ticks.to_bytes(2, "big") + data[14:], _tempo(bpm)


def _score(data: bytes) -> Score:
    try:
        return Score.from_midi(data, sanitize_data=True)
    except (RuntimeError, ValueError) as error:  # what symusic raises for bytes it cannot follow
        raise SeedRejected(SeedFault.DAMAGED) from error


def _first_pattern(data: bytes) -> Score:
    header = data[:8] + b"\x00\x00\x00\x01" + data[12:14]
    for _, chunk in zip(range(MAX_TRACKS), _track_chunks(data), strict=False):
        score = _score(header + chunk)
        if score.tracks and any(len(track.notes) for track in score.tracks):
            return score
    raise SeedRejected(SeedFault.NO_NOTES)


def _track_chunks(data: bytes) -> Iterator[bytes]:
    at = 8 + int.from_bytes(data[4:8], "big")
    while at + 8 <= len(data):
        past = at + 8 + int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == b"MTrk":
            yield data[at:past]
        at = past


def _checked_tick(ticks_per_quarter: int) -> float:
    # How many steps one tick of the file lasts.
    low, high = TICKS_PER_QUARTER_RANGE
    if not low <= ticks_per_quarter <= high:
        raise SeedRejected(SeedFault.IMPOSSIBLE_VALUES, found=ticks_per_quarter, limit=low)
    return STEPS_PER_QUARTER / ticks_per_quarter


def _voices(score: Score, tick: float) -> list[_Voice]:
    tracks = [track for track in score.tracks if len(track.notes)]
    if not tracks:
        raise SeedRejected(SeedFault.NO_NOTES)
    if len(tracks) > MAX_TRACKS:
        raise SeedRejected(SeedFault.TOO_MANY_TRACKS, found=len(tracks), limit=MAX_TRACKS)
    count = sum(len(track.notes) for track in tracks)
    if count > MAX_NOTES:
        raise SeedRejected(SeedFault.TOO_MANY_NOTES, found=count, limit=MAX_NOTES)
    voices = []
    for track in tracks:
        notes = track.notes.numpy()
        if notes["time"].min() < 0 or notes["duration"].min() < 0:
            raise SeedRejected(SeedFault.IMPOSSIBLE_VALUES)
        voices.append(
            _Voice(
                name=clean_name(track.name),
                program=0 if track.is_drum else track.program & 127,
                is_drums=track.is_drum,
                starts=notes["time"] * tick,
                lengths=notes["duration"] * tick,
                pitches=notes["pitch"].astype(np.int64) & 127,
                velocities=np.clip(notes["velocity"].astype(np.int64), 1, 127),
            )
        )
    return voices


def _parts(voices: list[_Voice], tick: float) -> tuple[Part, ...]:
    late = quantise.latency(np.concatenate([voice.starts for voice in voices]), tick=tick)
    melodic = [[voice] for voice in voices if not voice.is_drums]
    while len(melodic) > MAX_MELODIC_PARTS:
        _join_nearest(melodic)
    drums = [voice for voice in voices if voice.is_drums]
    return tuple(_part(group, late, tick) for group in [*melodic, drums] if group)


def _join_nearest(groups: list[list[_Voice]]) -> None:
    """Join two groups whose programs are equal, or of one family, or nearest; the last such."""

    def apart(pair: tuple[int, int]) -> tuple[int, int, int]:
        one, two = (groups[at][0].program for at in pair)
        return abs(one // 8 - two // 8), abs(one - two), -pair[1]

    count = len(groups)
    keep, drop = min(((i, j) for i in range(count) for j in range(i + 1, count)), key=apart)
    groups[keep].extend(groups.pop(drop))


def _part(voices: Sequence[_Voice], late: float, tick: float) -> Part:
    columns = []
    for voice in voices:
        starts = np.maximum(voice.starts - late, 0)
        onsets, ends = quantise.place(starts, voice.lengths, voice.pitches, tick=tick)
        columns.append((onsets, ends, voice.pitches, voice.velocities))
    notes = _lawful(*(np.concatenate(column) for column in zip(*columns, strict=True)))
    head = voices[0]
    return Part(notes, head.program, head.is_drums, head.name)


def _lawful(
    onsets: quantise.Ints, ends: quantise.Ints, pitches: quantise.Ints, velocities: quantise.Ints
) -> tuple[Note, ...]:
    """Keep of each onset and pitch the longest and loudest, cut where its pitch sounds again."""
    order = np.lexsort((onsets, pitches))
    onsets, pitches = onsets[order], pitches[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(onsets) != 0) | (np.diff(pitches) != 0)
    first = np.flatnonzero(is_first)
    ends = np.maximum.reduceat(ends[order], first)
    velocities = np.maximum.reduceat(velocities[order], first)
    onsets, pitches = onsets[first], pitches[first]
    again = np.diff(pitches) == 0
    ends[:-1] = np.where(again, np.minimum(ends[:-1], onsets[1:]), ends[:-1])
    order = np.lexsort((pitches, onsets))
    columns = (onsets, pitches, ends - onsets, velocities)
    return tuple(map(Note, *(column[order].tolist() for column in columns)))


def _meters(score: Score, tick: float) -> list[tuple[int, Meter]]:
    found = score.time_signatures.numpy()
    times, order = found["time"], np.argsort(found["time"], kind="stable")
    steps = quantise.nearest(np.maximum(times, 0) * tick)
    rows = (column[order].tolist() for column in (steps, found["numerator"], found["denominator"]))
    return [(step, _meter(*signature)) for step, *signature in zip(*rows, strict=True)]


@lru_cache(maxsize=256)
def _meter(numerator: int, denominator: int) -> Meter:
    if not 1 <= numerator <= 32 or denominator not in DENOMINATORS:
        raise SeedRejected(SeedFault.IMPOSSIBLE_VALUES)
    # An odd number of 32nds is no whole number of steps: the bar becomes a 32nd longer.
    odd = denominator == max(DENOMINATORS) and numerator % 2
    return Meter(numerator + 1 if odd else numerator, denominator)


def _tempos(score: Score, tick: float, steps: int) -> tuple[tuple[int, float], ...]:
    """Tell the changes of tempo before step `steps`, the last within a step, thinned if many."""
    found = score.tempos.numpy()
    order = np.argsort(found["time"], kind="stable")
    at = quantise.nearest(np.maximum(found["time"][order], 0) * tick)
    bpm = 60e6 / np.maximum(found["mspq"][order], 1)
    by_step = {0: DEFAULT_BPM} | dict(zip(at.tolist(), bpm.tolist(), strict=True))
    tempos = [(step, _tempo(value)) for step, value in by_step.items() if step < steps]
    kept = _changes(tempos)
    spacing = 1
    while len(kept) > MAX_TEMPOS:
        spacing *= 2
        kept = _changes({step // spacing * spacing: value for step, value in kept}.items())
    return kept


def _changes(tempos: Iterable[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    rows = list(tempos)
    return (rows[0], *(two for one, two in pairwise(rows) if one[1] != two[1]))


def _tempo(bpm: float) -> float:
    low, high = TEMPO_RANGE_BPM
    return round(min(max(bpm, low), high), 2)


def _check_seconds(tempos: Sequence[tuple[int, float]], end: int) -> None:
    bounds = [*tempos, (end, DEFAULT_BPM)]
    beats = [(max(0, min(two, end) - one), bpm) for (one, bpm), (two, _) in pairwise(bounds)]
    seconds = sum(steps / STEPS_PER_QUARTER * 60 / bpm for steps, bpm in beats)
    if seconds > MAX_SECONDS:
        raise SeedRejected(SeedFault.TOO_LONG, found=round(seconds), limit=MAX_SECONDS)


def _key(score: Score) -> Key | None:
    """Tell the one key signature at the beginning; where there are several, they say nothing."""
    found = score.key_signatures.numpy()
    at_start = found["time"] <= 0
    rows = (found[name][at_start].tolist() for name in ("key", "tonality"))
    signatures = set(zip(*rows, strict=True))
    if len(signatures) != 1:
        return None
    sharps, minor = signatures.pop()
    if not -7 <= sharps <= 7 or minor not in {0, 1}:
        return None
    return Key((sharps * 7 + 9 * minor) % 12, "minor" if minor else "major")


def _title(data: bytes) -> str:
    """Find the name that the first track gives itself at the beginning."""
    track = next(_track_chunks(data), b"")[8 : 8 + _TITLE_SEARCH_BYTES]
    _, _, name = track.partition(_NAME_EVENT)
    match list(name[:2]):  # a variable-length quantity: two bytes reach as far as we look
        case [high, low] if high >= 0x80 > low:
            letters = name[2:][: (high & 0x7F) << 7 | low]
        case [size, *_] if size < 0x80:
            letters = name[1:][:size]
        case _:
            return ""
    try:
        return clean_name(letters.decode())
    except UnicodeDecodeError:
        return clean_name(letters.decode("latin-1"))


def write(piece: Piece, credited: Credits = ()) -> bytes:
    """Write a piece as a MIDI file of type 1, 480 ticks a quarter note; the inverse is `parse`.

    The first track holds title, meters, tempos and key; each part has a track and a channel of
    its own, drums the tenth. Equal pieces make equal bytes.

    `parse(write(piece))` is the piece again but for what a file cannot say: parts without notes
    and bars after the last note go, drums come last, a meter or tempo equal to the one before it
    goes, names lose spaces at their ends. Pieces past the limits of `parse` (no note, more than
    30 minutes or `MAX_TEMPOS` changes of tempo) are written and not read.

    With credits, each player has a track of their own for each part, "Ann: Bass", with the notes
    that begin in their bars; the tracks of a part share its channel. A part without credits keeps
    its track. Up to 15 melodic tracks `parse` makes a part of each: together they have the notes
    of the piece. Of more it joins those of one program, and may then lose one of two notes of one
    pitch at once. Credits that would make more tracks than `parse` takes are left out.
    """
    return midi_writing.write(piece, credited, most_tracks=MAX_TRACKS)
