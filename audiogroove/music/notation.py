"""Scores: the only door to music21, which is exact and slow.

For our own clean pieces and for curated files alone. Never hand it what strangers sent: 45 bytes
of MIDI keep music21 busy for 20 s, and 81 bytes fill 2 GB. It takes half a second to import:
import this module where it is needed, not at start.

`to_score` and `from_score` are inverses, but for what a score does not tell: a drum stroke's
length, a key that was only guessed for the signature, and the velocities within one chord once
it has been MusicXML.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from math import floor
from pathlib import Path

import music21 as m21
from music21.musicxml.m21ToXml import GeneralObjectExporter

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music import engraving, harmony, instruments
from audiogroove.music.abbreviations import abbreviate, abbreviations
from audiogroove.music.accidentals import Accidentals
from audiogroove.music.assembly import assemble
from audiogroove.music.engraving import Sign, Staff
from audiogroove.music.kit import DRUM_SIGNS, drum_key
from audiogroove.music.piece import STEPS_PER_QUARTER, Key, Meter, Note, Part, Piece, clean_name
from audiogroove.music.theory import fifths, find_key

COMPOSER = "AudioGroove"
MAX_ANALYSED_BARS = 32
SCORE_SUFFIXES = frozenset({".abc", ".krn", ".mxl", ".musicxml", ".xml"})

_CLEFS = {
    "treble": m21.clef.TrebleClef,
    "treble8va": m21.clef.Treble8vaClef,
    "treble8vb": m21.clef.Treble8vbClef,
    "alto": m21.clef.AltoClef,
    "bass": m21.clef.BassClef,
    "bass8vb": m21.clef.Bass8vbClef,
    "percussion": m21.clef.PercussionClef,
}
_DRUM_CHANNEL = 9  # counted from 0
_DEFAULT_VELOCITY = 80
_LEFT_OUT = frozenset({"palestrina", "essenFolksong", "demos", "theoryExercises"})


def to_musicxml(piece: Piece) -> bytes:
    """Write a piece as MusicXML 4.0; `read_score` is the way back."""
    score = to_score(piece)
    score.metadata.movementName = piece.title or "Untitled"
    exporter = GeneralObjectExporter(score)
    exporter.makeNotation = False  # it is made, and faster
    written: bytes = exporter.parse()
    return written


def to_score(piece: Piece) -> m21.stream.Score:
    """Write a piece as a score: staves, clefs, key, meters, tempos, voices, ties, triplets.

    A part for keyboard or harp that needs both hands has two staves; the signature is that of
    the piece's key or, without one, of the key that `find_key` hears.
    """
    score = m21.stream.Score()
    score.metadata = m21.metadata.Metadata(movementName=piece.title, composer=COMPOSER)
    short = abbreviations([_name(part) for part in piece.parts])
    for number, part in enumerate(piece.parts):
        staves = engraving.engrave(part, piece)
        kind = m21.stream.Part if len(staves) == 1 else m21.stream.PartStaff
        written = [
            _staff(kind(id=f"P{number + 1}-Staff{at + 1}"), staff, part, piece)
            for at, staff in enumerate(staves)
        ]
        written[0].partAbbreviation = short[number]
        for each in written:
            score.insert(0, each)
        if len(written) > 1:
            score.insert(0, m21.layout.StaffGroup(written, symbol="brace", name=_name(part)))
    for pair in engraving.pairs(piece):
        name = _name(piece.parts[pair[0]]).removesuffix(" 1")
        hands = [score.parts[f"#P{at + 1}-Staff1"] for at in pair]
        brace = m21.layout.StaffGroup(
            hands, name=name, abbreviation=abbreviate(name), symbol="brace"
        )
        score.insert(0, brace)
    for step, bpm in piece.tempos if score.parts else ():
        line = piece.bar_at(step)
        at = Fraction(step - piece.bar_lines[line], STEPS_PER_QUARTER)
        score.parts[0].measure(line + 1).insert(at, m21.tempo.MetronomeMark(number=bpm))
    return score


def _name(part: Part) -> str:
    return part.name or instruments.instrument(part.program, is_drums=part.is_drums).name


def _staff(written: m21.stream.Part, staff: Staff, part: Part, piece: Piece) -> m21.stream.Part:
    written.partName = _name(part)
    written.atSoundingPitch = True
    written.insert(0, _player(part, written.id.partition("-")[0], piece))
    signature = piece.key or find_key(piece) or Key(0)
    accidentals = None if part.is_drums else Accidentals(signature)
    last = None
    measure = m21.stream.Measure(number=1)
    for number, voices in enumerate(staff.bars):
        measure = m21.stream.Measure(number=number + 1)
        if number == 0:
            measure.insert(0, _CLEFS[staff.clef]())
            if not part.is_drums:
                measure.insert(0, _signature(piece.key, signature))
        if piece.meter_at(number) != last:
            last = piece.meter_at(number)
            measure.insert(0, m21.meter.TimeSignature(str(last)))
        _fill(measure, voices, accidentals)
        written.append(measure)
    measure.rightBarline = m21.bar.Barline("final")
    return written


def _player(part: Part, part_id: str, piece: Piece) -> m21.instrument.Instrument:
    # Not music21's own clarinet: that one would be written a tone higher than it sounds.
    player = m21.instrument.Percussion() if part.is_drums else m21.instrument.Instrument()
    player.instrumentName = player.partName = _name(part)
    player.instrumentAbbreviation = None
    player.partId, player.instrumentId = part_id, f"{part_id}-Player"
    if part.is_drums:
        player.midiChannel = _DRUM_CHANNEL
    else:
        player.midiProgram = part.program
        before = sum(not each.is_drums for each in piece.parts[: int(part_id[1:]) - 1])
        player.midiChannel = before + (before >= _DRUM_CHANNEL)
    return player


def _signature(told: Key | None, heard: Key) -> m21.key.KeySignature:
    signature = m21.key.KeySignature(fifths(heard))
    return signature.asKey(told.mode) if told else signature


def _fill(
    bar: m21.stream.Measure, voices: tuple[tuple[Sign, ...], ...], accidentals: Accidentals | None
) -> None:
    if accidentals:
        accidentals.next_bar()
    layers = [bar]
    if len(voices) > 1:
        layers = [m21.stream.Voice(id=str(number + 1)) for number in range(len(voices))]
    rows = [(sign, layer) for voice, layer in zip(voices, layers, strict=True) for sign in voice]
    for sign, layer in sorted(rows, key=lambda row: row[0].onset):  # as accidentals are read
        symbol = _symbol(sign, accidentals)
        symbol.style.hideObjectOnPrint = sign.is_hidden
        layer.insert(Fraction(sign.onset, STEPS_PER_QUARTER), symbol)
    if layers != [bar]:
        for layer in layers:
            bar.insert(0, layer)


def _symbol(sign: Sign, accidentals: Accidentals | None) -> m21.note.GeneralNote:
    if not sign.value:
        symbol = m21.note.Rest(quarterLength=Fraction(sign.steps, STEPS_PER_QUARTER))
        symbol.fullMeasure = True
        return symbol
    symbol = _sounding(sign, accidentals) if sign.notes else m21.note.Rest()
    symbol.duration = m21.duration.Duration(type=sign.value, dots=sign.dots)
    if sign.tuplet:
        place, unit = sign.tuplet
        triplet = m21.duration.Tuplet(3, 2, unit)
        triplet.type = None if place == "inside" else place
        symbol.duration.appendTuplet(triplet)
    if sign.is_tied_from or sign.is_tied_on:
        end = "continue" if sign.is_tied_on else "stop"
        symbol.tie = m21.tie.Tie(end if sign.is_tied_from else "start")
    for beam in sign.beams:
        symbol.beams.append(*beam.split())
    return symbol


def _sounding(sign: Sign, accidentals: Accidentals | None) -> m21.note.NotRest:
    pitches = [each.pitch for each in sign.notes]
    if accidentals:
        written = accidentals.written(pitches, is_tied=sign.is_tied_from)
        heads = [_note(*name, is_printed=is_printed) for name, is_printed in written]
    else:
        heads = [_stroke(pitch) for pitch in pitches]
    for head, each in zip(heads, sign.notes, strict=True):
        head.volume.velocity = each.velocity
    if len(heads) == 1:
        return heads[0]
    joined = m21.chord.Chord(heads) if accidentals else m21.percussion.PercussionChord(heads)
    joined.volume.velocity = max(each.velocity for each in sign.notes)
    joined.stemDirection = heads[0].stemDirection
    for head, each in zip(joined.notes, sign.notes, strict=True):
        head.volume.velocity = each.velocity  # the chord has just given them its own
    return joined


def _note(letter: str, raised: int, octave: int, *, is_printed: bool) -> m21.note.Note:
    note = m21.note.Note(f"{letter}{'#' * raised or '-' * -raised}")
    note.octave = octave  # in a name, -1 would be another flat
    if is_printed and not raised:
        note.pitch.accidental = "natural"
    if note.pitch.accidental:
        note.pitch.accidental.displayStatus = is_printed
    return note


def _stroke(key: int) -> m21.note.Unpitched:
    place, shape = DRUM_SIGNS[key]
    stroke = m21.note.Unpitched(displayName=place)
    stroke.notehead, stroke.stemDirection = shape, "up"
    return stroke


def from_score(score: m21.stream.Stream) -> Piece:
    """Read a score as a piece; the inverse of `to_score`.

    Times are rounded to the nearest step, ties joined, the staves of one player put together;
    grace notes and chord symbols are left out and repeats are not played. A bar that is shorter
    than its meter, such as an upbeat, becomes a bar of that length. What no piece can be is
    refused as `assemble` tells.
    """
    title = score.metadata.bestTitle if score.metadata else None
    return assemble(
        [_part(staves) for staves in _players(score)],
        end=_steps(score.highestTime),
        meters=list(_meters(score)),
        tempos=list(_tempos(score)),
        key=_key(score),
        title=clean_name(title or ""),
    )


def _players(score: m21.stream.Stream) -> list[list[m21.stream.Part]]:
    staves = list(score.getElementsByClass(m21.stream.Part)) or [score]
    braces = {
        id(staff): number
        for number, group in enumerate(score.getElementsByClass(m21.layout.StaffGroup))
        for staff in group.getSpannedElements()
        if isinstance(staff, m21.stream.PartStaff)
    }
    together = groupby(staves, lambda staff: braces.get(id(staff), id(staff)))
    return [list(each) for _, each in together]


def _part(staves: list[m21.stream.Part]) -> Part:
    flat = [staff.flatten() for staff in staves]
    player = next(iter(flat[0].getElementsByClass(m21.instrument.Instrument)), None)
    strokes = (m21.note.Unpitched, m21.percussion.PercussionChord)
    is_drums = any(staff.getElementsByClass(strokes) for staff in flat)
    is_drums |= player is not None and player.midiChannel == _DRUM_CHANNEL
    program = 0 if is_drums or player is None else player.midiProgram or 0
    name = clean_name(getattr(staves[0], "partName", None) or "")
    if name == _name(Part((), program, is_drums)):
        name = ""
    notes = (each for staff in flat for each in engraving.untied(_heads(staff)))
    return Part(engraving.lawful(notes), program, is_drums, name)


def _heads(flat: m21.stream.Stream) -> Iterator[engraving.Head]:
    for symbol in flat.notes:
        if isinstance(symbol, m21.harmony.Harmony) or not symbol.quarterLength:
            continue
        onset = _steps(symbol.offset)
        end = max(onset + 1, _steps(symbol.offset + symbol.quarterLength))
        for head in symbol.notes if isinstance(symbol, m21.chord.ChordBase) else [symbol]:
            ends = head.tie.type if head.tie else ""
            velocity = head.volume.velocity or symbol.volume.velocity or _DEFAULT_VELOCITY
            yield engraving.Head(
                note=Note(onset, _pitch(head), end - onset, min(velocity, 127)),
                is_tied_from=ends in {"stop", "continue"},
                is_tied_on=ends in {"start", "continue"},
            )


def _pitch(head: m21.note.NotRest) -> int:
    if isinstance(head, m21.note.Unpitched):
        return drum_key(head.displayName, head.notehead)
    return int(head.pitch.midi)


def _meters(score: m21.stream.Stream) -> Iterator[tuple[int, Meter]]:
    running = Meter()
    first = next(iter(score.getElementsByClass(m21.stream.Part)), score)
    # A tune of one bar has no measures in music21, just notes and a time signature.
    for line in first.getElementsByClass((m21.stream.Measure, m21.meter.TimeSignature)):
        sign = line.timeSignature if isinstance(line, m21.stream.Measure) else line
        if sign:
            try:
                running = Meter(sign.numerator, sign.denominator)
            except ValueError as error:
                raise SeedRejected(SeedFault.IMPOSSIBLE_VALUES) from error
        yield _steps(line.offset), running


def _tempos(score: m21.stream.Stream) -> Iterator[tuple[int, float]]:
    for mark in score.flatten().getElementsByClass(m21.tempo.MetronomeMark):
        bpm = mark.getQuarterBPM()
        if bpm:
            yield _steps(mark.offset), bpm


def _key(score: m21.stream.Stream) -> Key | None:
    found = next(iter(score.flatten().getElementsByClass(m21.key.Key)), None)
    if found is None or found.mode not in {"major", "minor"}:
        return None
    return Key(found.tonic.pitchClass, found.mode)


def _steps(quarters: float | Fraction) -> int:
    return floor(quarters * STEPS_PER_QUARTER + Fraction(1, 2))


def corpus_works() -> list[Path]:
    """List the score files that come with music21 and may be used, some 1,700.

    Left out: Palestrina and the Essen folk songs, whose encoders kept their rights, and what is
    no music (exercises, demonstrations, analyses as text).
    """
    return sorted(
        path
        for path in m21.corpus.getCorePaths()
        if path.suffix in SCORE_SUFFIXES and not _LEFT_OUT & set(path.parts)
    )


def read_score(path: Path) -> Piece:
    """Read the first piece of a curated score file, as `read_scores` does."""
    return read_scores(path)[0]


def read_scores(path: Path) -> list[Piece]:
    """Read all pieces of a curated score file (MusicXML, ABC, Humdrum) at sounding pitch.

    Most files hold one; an ABC book holds many, of which those without notes are left out.

    Raises:
        SeedRejected: when music21 cannot read it (DAMAGED), or no piece of it is one by
            `from_score`.
    """
    path.stat()  # no such file is an OSError, not damage
    try:
        with warnings.catch_warnings(action="ignore"):
            found = m21.converter.parse(path, forceSource=True, storePickle=False)
            scores = found.scores if isinstance(found, m21.stream.Opus) else [found]
            sounding = [score.toSoundingPitch() for score in scores]
    except Exception as error:  # music21's readers raise whatever they stumble over
        raise SeedRejected(SeedFault.DAMAGED) from error
    pieces, refused = [], SeedRejected(SeedFault.NO_NOTES)
    for score in sounding:
        try:
            pieces.append(from_score(score))
        except SeedRejected as error:
            refused = error
    if not pieces:
        raise refused
    return pieces


@dataclass(frozen=True, slots=True)
class Analysis:
    """A piece's key, and what happens in each bar.

    A bar is one or two Roman numerals, such as "I" or "ii65 V"; "" where nothing pitched sounds.
    """

    key: Key
    bars: tuple[str, ...]


def analyse(piece: Piece) -> Analysis | None:
    """Explain the harmony of a piece of at most MAX_ANALYSED_BARS bars; None without pitches.

    The key is that of music21's analyser (Krumhansl and Schmuckler), the chords are
    `audiogroove.music.harmony`'s.

    Raises:
        ValueError: when the piece is longer.
    """
    if piece.bars > MAX_ANALYSED_BARS:
        raise ValueError(f"too long to analyse: {piece.bars} bars")
    notes = [each for part in piece.parts if not part.is_drums for each in part.notes]
    if not notes:
        return None
    flat = m21.stream.Stream()
    for each in notes:
        flat.append(m21.note.Note(each.pitch, quarterLength=each.duration / STEPS_PER_QUARTER))
    found = flat.analyze("key")
    home = Key(found.tonic.pitchClass, found.mode)
    sounding = [(each.pitch, each.onset, each.duration) for each in notes]
    bars = (harmony.find_chords(sounding, *bar) for bar in pairwise(piece.bar_lines))
    names = (" ".join(harmony.numeral(chord, home) for chord in bar) for bar in bars)
    return Analysis(home, tuple(names))
