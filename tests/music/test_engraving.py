"""How music is written down: note values, triplets, ties, voices, staves, spelling."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.music.engraving import (
    Head,
    Sign,
    engrave,
    lawful,
    one_kit,
    pairs,
    spell,
    untied,
)
from audiogroove.music.kit import DRUM_SIGNS
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from tests.strategies import METERS

VALUES = {"whole": 48, "half": 24, "quarter": 12, "eighth": 6, "16th": 3, "32nd": 1.5}


def written(*notes: tuple[int, int, int], meter: Meter | None = None, bars: int = 1) -> list[str]:
    """Write (onset, pitch, steps) and tell the first voice's signs, as in "quarter.~" or "r half".

    A dot follows the value, a tilde tells a tie to what comes, and t that it is in a triplet.
    """
    part = Part(lawful(Note(*each) for each in notes), program=40)
    piece = Piece((part,), bars, meters=((0, meter or Meter()),))
    (staff,) = engrave(part, piece)
    return [_told(sign) for bar in staff.bars for sign in bar[0]]


def _told(sign: Sign) -> str:
    rest = "" if sign.notes else "r "
    triplet = " t" if sign.tuplet else ""
    tie = "~" if sign.is_tied_on else ""
    return f"{rest}{sign.value or 'bar'}{'.' * sign.dots}{triplet}{tie}"


def test_plain_values_stand_as_they_are() -> None:
    """Quarter, two eighths and a half fill a bar of 4/4."""
    music = [(0, 60, 12), (12, 62, 6), (18, 64, 6), (24, 65, 24)]
    assert written(*music) == ["quarter", "eighth", "eighth", "half"]


def test_a_note_across_the_bar_line_is_tied() -> None:
    """A half note on the fourth beat becomes two quarters."""
    signs = ["r half", "r quarter", "quarter~", "quarter", "r quarter", "r half"]
    assert written((36, 60, 24), bars=2) == signs


def test_syncopation_reads_as_musicians_write_it() -> None:
    """Eighth, quarter, eighth needs no tie; what hides the middle of the bar gets one."""
    assert written((0, 60, 6), (6, 62, 12), (18, 64, 30)) == [
        "eighth",
        "quarter",
        "eighth~",
        "half",
    ]


def test_triplets_are_found() -> None:
    """Three eighths in the time of two, then three quarters in the time of two."""
    eighths = [(0, 60, 4), (4, 62, 4), (8, 64, 4), (12, 65, 12)]
    quarters = [(24, 60, 8), (32, 62, 8), (40, 64, 8)]
    assert written(*eighths, *quarters) == [*["eighth t"] * 3, "quarter", *["quarter t"] * 3]


def test_lengths_that_no_value_has_are_tied() -> None:
    """Five twelfths of a quarter are a triplet eighth and a triplet 32nd."""
    assert written((0, 60, 5), (12, 62, 36))[:3] == ["eighth t~", "32nd t", "r eighth. t"]


def test_compound_meters_show_their_beats() -> None:
    """In 6/8 a half bar is a dotted quarter, and a quarter never hides the second beat."""
    music = [(0, 60, 18), (18, 62, 12), (30, 64, 6)]
    assert written(*music, meter=Meter(6, 8)) == ["quarter.", "quarter", "eighth"]
    hidden = written((12, 60, 12), meter=Meter(6, 8))
    assert hidden == ["r quarter", "eighth~", "eighth", "r quarter"]


def test_an_empty_bar_is_one_rest() -> None:
    """Whatever the meter, nothing is written as a whole bar's rest."""
    assert written((0, 60, 42), meter=Meter(7, 8), bars=2)[-1] == "r bar"


def test_what_overlaps_is_written_in_voices() -> None:
    """A held note above moving ones: two voices, the higher first; a chord stays in one."""
    part = Part(lawful([Note(0, 76, 48), Note(0, 60, 24), Note(0, 64, 24), Note(24, 62, 24)]))
    ((bar,),) = (staff.bars for staff in engrave(part, Piece((part,), 1)))
    pitches = [[tuple(note.pitch for note in sign.notes) for sign in voice] for voice in bar]
    assert pitches == [[(76,)], [(60, 64), (62,)]]


def test_two_hands_get_two_staves() -> None:
    """A piano part that goes high and low is split at middle C."""
    part = Part((Note(0, 40, 12), Note(0, 76, 12)))
    assert [staff.clef for staff in engrave(part, Piece((part,), 1))] == ["treble", "bass"]


@pytest.mark.parametrize(
    ("program", "pitch", "clef"),
    [
        (40, 76, "treble"),
        (42, 48, "bass"),
        (41, 60, "alto"),
        (33, 36, "bass8vb"),
        (25, 60, "treble8vb"),
        (72, 96, "treble8va"),
        (0, 40, "bass"),
    ],
)
def test_each_instrument_gets_its_clef(program: int, pitch: int, clef: str) -> None:
    """By custom where the instrument has one, else by the notes."""
    part = Part((Note(0, pitch, 12),), program=program)
    assert [staff.clef for staff in engrave(part, Piece((part,), 1))] == [clef]


def test_a_stroke_lasts_until_the_next_or_the_beat_ends() -> None:
    """A drum's length is its sound's own affair: no rests clutter the beat."""
    part = Part((Note(0, 36, 1), Note(6, 42, 1), Note(12, 38, 1)), is_drums=True)
    ((bar,),) = (staff.bars for staff in engrave(part, Piece((part,), 1)))
    assert [_told(sign) for sign in bar[0]] == ["eighth", "eighth", "quarter", "r half"]


def test_every_drum_has_a_sign_of_its_own() -> None:
    """What is written on the percussion staff can be read back."""
    assert len(DRUM_SIGNS) == len(set(DRUM_SIGNS.values())) == 128


@pytest.mark.parametrize(
    ("pitch", "key", "name"),
    [
        (60, Key(0), ("C", 0, 4)),
        (61, Key(0), ("C", 1, 4)),
        (63, Key(0), ("E", -1, 4)),
        (68, Key(0), ("A", -1, 4)),
        (68, Key(9, "minor"), ("G", 1, 4)),
        (61, Key(8), ("D", -1, 4)),
        (59, Key(6), ("B", 0, 3)),
        (65, Key(6), ("E", 1, 4)),
        (59, Key(3, "minor"), ("C", -1, 4)),
        (60, Key(1, "minor"), ("B", 1, 3)),
    ],
)
def test_pitches_are_spelt_by_the_key(pitch: int, key: Key, name: tuple[str, int, int]) -> None:
    """Leading tones are sharpened, flat keys have flats; C flat 4 is the B below middle C."""
    assert spell(pitch, key) == name


@settings(max_examples=50)
@given(st.integers(0, 127), st.integers(0, 11), st.sampled_from(["major", "minor"]))
def test_a_name_always_sounds_like_its_pitch(pitch: int, tonic: int, mode: str) -> None:
    """Letter, accidental and octave lead back to the pitch, with two accidentals at most."""
    letter, raised, octave = spell(pitch, Key(tonic, "minor" if mode == "minor" else "major"))
    natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
    assert 12 * (octave + 1) + natural + raised == pitch
    assert -2 <= raised <= 2


@st.composite
def violins(draw: st.DrawFn) -> Piece:
    """Draw a piece for one violin in any meter, its notes on a finer or a coarser grid."""
    meter, bars = draw(st.sampled_from(METERS)), draw(st.integers(1, 3))
    end, grid = bars * meter.bar_steps, draw(st.sampled_from([1, 2, 3, 4, 6]))
    drawn = st.tuples(st.integers(0, (end - 1) // grid), st.integers(50, 70), st.integers(1, 12))
    notes = [
        Note(at * grid, pitch, min(end - at * grid, long * grid))
        for at, pitch, long in draw(st.lists(drawn, max_size=12))
    ]
    return Piece((Part(lawful(notes), program=40),), bars, meters=((0, meter),))


@settings(max_examples=40)
@given(violins())
def test_what_is_written_reads_back_as_it_was(piece: Piece) -> None:
    """Cutting into tied values and joining them again are inverses, on the whole grid."""
    (staff,) = engrave(piece.parts[0], piece)
    heads = [
        Head(
            Note(start + sign.onset, note.pitch, sign.steps, note.velocity),
            sign.is_tied_from,
            sign.is_tied_on,
        )
        for start, bar in zip(piece.bar_lines, staff.bars, strict=False)
        for voice in bar
        for sign in voice
        for note in sign.notes
    ]
    assert lawful(untied(heads)) == piece.parts[0].notes


@settings(max_examples=40)
@given(violins())
def test_every_voice_fills_its_bar_with_real_values(piece: Piece) -> None:
    """Signs follow each other without gaps, each as long as its value, dots and triplet say."""
    (staff,) = engrave(piece.parts[0], piece)
    for voice in chain.from_iterable(staff.bars):
        reached = 0
        for sign in voice:
            assert sign.onset == reached
            reached += sign.steps
            if sign.value:
                length = VALUES[sign.value] * (2 - 0.5**sign.dots) * (2 / 3 if sign.tuplet else 1)
                assert length == pytest.approx(sign.steps)
        assert reached == piece.meters[0][1].bar_steps


@settings(max_examples=40)
@given(violins())
def test_triplets_are_complete(piece: Piece) -> None:
    """From start to stop, a triplet is as long as two of its unit."""
    (staff,) = engrave(piece.parts[0], piece)
    for voice in chain.from_iterable(staff.bars):
        so_far = 0
        for sign in voice:
            if sign.tuplet is None:
                continue
            place, unit = sign.tuplet
            so_far = sign.steps + (0 if place == "start" else so_far)
            assert (so_far == 2 * VALUES[unit]) == (place == "stop")


def test_of_two_alike_the_longer_stays() -> None:
    """One pitch cannot begin twice at once, nor sound through its own repetition."""
    notes = [Note(0, 60, 6), Note(0, 60, 30), Note(12, 60, 12), Note(6, 64, 3)]
    assert lawful(notes) == (Note(0, 60, 12), Note(6, 64, 3), Note(12, 60, 12))


def test_a_tie_that_leads_nowhere_is_ignored() -> None:
    """The note it begins at ends where it is written to end."""
    heads = [Head(Note(0, 60, 12), False, True), Head(Note(24, 60, 12), True, False)]  # noqa: FBT003
    assert untied(heads) == [Note(0, 60, 12), Note(24, 60, 12)]


def test_two_drummers_share_one_kit() -> None:
    """The first drummer plays what both had; the others stay where they are."""
    snare = Part((Note(0, 38, 3),), is_drums=True, name="Snare")
    violin = Part((Note(0, 60, 3),), program=40)
    cymbal = Part((Note(0, 49, 3),), is_drums=True)
    kit = Part((Note(0, 38, 3), Note(0, 49, 3)), is_drums=True, name="Snare")
    assert one_kit([snare, violin, cymbal]) == [kit, violin]


def test_rests_show_the_beats() -> None:
    """No dots in simple meters, and in 3/4 no rest hides a beat."""
    assert written((42, 60, 6))[:3] == ["r half", "r quarter", "r eighth"]
    assert written((24, 60, 12), meter=Meter(3, 4)) == ["r quarter", "r quarter", "quarter"]


def test_a_stroke_is_never_tied() -> None:
    """What no single value tells of its length is silence."""
    part = Part((Note(0, 36, 1), Note(5, 38, 1)), is_drums=True)
    ((bar,),) = (staff.bars for staff in engrave(part, Piece((part,), 1)))
    assert [_told(sign) for sign in bar[0]][:3] == ["eighth t", "r 32nd t", "eighth. t"]


def test_voices_are_ordered_by_pitch_in_every_bar() -> None:
    """The first has its stems up, so it must be the higher one."""
    part = Part((Note(0, 60, 60), Note(0, 72, 12), Note(48, 50, 48)), program=40)
    (staff,) = engrave(part, Piece((part,), 2))
    tops = [[voice[0].notes[0].pitch for voice in bar] for bar in staff.bars]
    assert tops == [[72, 60], [60, 50]]


def test_rests_that_nobody_misses_are_hidden() -> None:
    """Where another voice sounds, silence need not be drawn."""
    part = Part((Note(0, 60, 24), Note(0, 72, 12)), program=40)
    ((upper, lower),) = engrave(part, Piece((part,), 1))[0].bars
    assert [(bool(sign.notes), sign.is_hidden) for sign in upper] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [sign.is_hidden for sign in lower if not sign.notes] == [True]


RIGHT = Part((Note(0, 60, 12), Note(12, 84, 12)), name="Piano 1")
LEFT = Part((Note(0, 36, 12), Note(12, 62, 12)), name="Piano 2")
BASS = Part((Note(0, 36, 12),), program=33)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((RIGHT, LEFT), [(0, 1)]),
        ((BASS, RIGHT, LEFT), [(1, 2)]),
        ((LEFT, RIGHT), []),
        ((RIGHT, BASS, LEFT), []),
        ((RIGHT, LEFT, LEFT), []),
        ((BASS, BASS), []),
    ],
)
def test_two_tracks_of_a_piano_are_its_hands(
    parts: tuple[Part, ...], found: list[tuple[int, int]]
) -> None:
    """Neighbours, the higher one first, and no third; each is written on one staff."""
    piece = Piece(parts, 1)
    assert pairs(piece) == found
    for pair in found:
        assert [len(engrave(parts[at], piece)) for at in pair] == [1, 1]


def test_drums_that_never_play_rest() -> None:
    """A kit without a stroke is a bar's rest."""
    part = Part((), is_drums=True)
    assert [len(bar) for bar in engrave(part, Piece((part,), 2))[0].bars] == [1, 1]
