"""A player's own file becomes their take."""

from dataclasses import replace

import pytest

from audiogroove.errors import RequestRefused, TakeFault, TakeRefused
from audiogroove.jam.fitting import MAX_TAKE_NOTES, TAIL_STEPS, fitted_part, fitted_section
from audiogroove.jam.settings import Seat, Settings, Way
from audiogroove.music.piece import (
    MAX_BARS,
    MAX_NOTES,
    Key,
    Meter,
    Note,
    Part,
    Piece,
)

PIANO, ORGAN, GUITAR, BASS, VIOLIN, CELLO, SAX, FLUTE = 0, 19, 24, 33, 40, 42, 65, 73
C_MAJOR, FOUR_FOUR = Key(0), Meter(4, 4)
BLUES = Settings(Way.SECTIONS, "blues", C_MAJOR, 100.0, FOUR_FOUR, bars=2)
SAX_SEAT, BASS_SEAT, DRUM_SEAT = (
    Seat("melody", "alto sax"),
    Seat("bass", "bass"),
    Seat("drums", "drums"),
)


def tune(*pitches: int, program: int = PIANO, start: int = 0, length: int = 12) -> Part:
    """Play pitches one after another, from step `start` on."""
    notes = (Note(start + length * at, pitch, length) for at, pitch in enumerate(pitches))
    return Part(tuple(notes), program)


def beat(*keys_struck: int, start: int = 0) -> Part:
    """Strike one key after another, a quarter note each."""
    return replace(tune(*keys_struck, start=start), is_drums=True)


def song(*band: Part, bars: int = 2, key: Key | None = C_MAJOR, meter: Meter = FOUR_FOUR) -> Piece:
    """Let parts play together."""
    return Piece(band, bars, ((0, meter),), key=key)


def heard(part: Part) -> list[tuple[int, int]]:
    """List when what is played."""
    return [(note.onset, note.pitch) for note in part.notes]


def refused(file: Piece, base: Piece | None = None, seat: Seat | None = None) -> TakeRefused:
    """Tell why a file is no take; as a section, unless there is a seat."""
    with pytest.raises(TakeRefused) as told:
        _ = fitted_part(file, base, BLUES, seat) if seat else fitted_section(file, base, BLUES)
    return told.value


# Which bars.


def test_silence_before_the_music_is_skipped() -> None:
    """By whole bars: within its first bar, music begins where it did."""
    (part,) = fitted_section(song(tune(60, 62, start=60), bars=3), None, BLUES).parts
    assert heard(part) == [(12, 60), (24, 62), (60, 60), (72, 62)]


def test_of_a_longer_file_the_first_bars_are_taken() -> None:
    """A note that is held beyond them ends with them."""
    melody = tune(60, 62, 64, 65, 67, length=36)
    (part,) = fitted_section(song(melody, bars=4), None, BLUES).parts
    assert heard(part) == [(0, 60), (36, 62), (72, 64)]
    held = Part((Note(84, 60, 48), Note(130, 62, 6)))
    (part,) = fitted_part(song(tune(50), held, bars=3), None, BLUES, SAX_SEAT).parts
    assert part.notes == (Note(36, 60, 48), Note(82, 62, 6))


def test_a_shorter_file_begins_again() -> None:
    """After whole bars, as often as it takes, and the last time as far as it goes."""
    file = song(tune(60, 62, 64, 65, start=0, length=24), bars=8)
    (part,) = fitted_section(file, None, replace(BLUES, bars=3)).parts
    assert heard(part) == [(0, 60), (24, 62), (48, 64), (72, 65), (96, 60), (120, 62)]


def test_a_note_that_rings_on_a_little_makes_no_further_bar() -> None:
    """It would make a loop of one bar two bars long."""
    (part,) = fitted_section(song(tune(60, length=48 + TAIL_STEPS)), None, BLUES).parts
    assert part.notes == (Note(0, 60, 48), Note(48, 60, 48))
    (part,) = fitted_section(song(tune(60, length=49 + TAIL_STEPS)), None, BLUES).parts
    assert part.notes == (Note(0, 60, 49 + TAIL_STEPS),)


def test_a_file_in_another_meter_is_refused() -> None:
    """Also where its bars are as long, but fall into other beats."""
    waltz = song(tune(60), meter=Meter(3, 4))
    error = refused(waltz)
    assert (error.fault, error.found, error.wanted) == (TakeFault.METER, "3/4", "4/4")
    assert refused(waltz, seat=SAX_SEAT).fault is TakeFault.METER
    with pytest.raises(TakeRefused):
        fitted_section(song(tune(60), meter=Meter(6, 8)), None, replace(BLUES, meter=Meter(3, 4)))


def test_a_file_that_is_only_counted_otherwise_fits() -> None:
    """Half notes or quarters to the beat: bars and beats fall on the same steps."""
    piece = fitted_section(song(tune(60), meter=Meter(2, 2)), None, BLUES)
    assert piece.meters == ((0, BLUES.meter),)


def test_only_the_bars_that_are_taken_have_to_be_in_the_meter() -> None:
    """What comes before, silent, and what comes after may be in any."""
    meters = ((0, Meter(1, 4)), (1, Meter()), (3, Meter(7, 8)))
    melody = tune(60, start=12, length=96)
    later = Part((*melody.notes, Note(120, 72, 3)))
    file = Piece((later,), 5, meters, key=Key(0))
    (part,) = fitted_section(file, None, BLUES).parts
    assert part.notes == (Note(0, 60, 96),)
    with pytest.raises(TakeRefused) as told:
        fitted_section(file, None, replace(BLUES, bars=3))
    assert told.value.found == "7/8"


# Which pitches.


def test_music_moves_into_the_jams_key() -> None:
    """As a section and as a part, where it goes on into the instrument's reach."""
    file = song(tune(86, 90, 93), key=Key(2))
    (section,) = fitted_section(file, None, replace(BLUES, bars=1)).parts
    assert [pitch for _, pitch in heard(section)] == [84, 88, 91]
    (bass,) = fitted_part(file, None, replace(BLUES, bars=1), BASS_SEAT).parts
    assert [pitch for _, pitch in heard(bass)] == [36, 40, 43]


def test_a_file_that_tells_no_key_is_listened_to() -> None:
    """A tune in D is one in C then."""
    in_d = song(tune(62, 66, 69, 62, 64, 66, 67, 69), key=None)
    (part,) = fitted_section(in_d, None, BLUES).parts
    assert [pitch for _, pitch in heard(part)] == [60, 64, 67, 60, 62, 64, 65, 67]


def test_drums_have_no_key() -> None:
    """They are struck where they were, with a melody that moves or alone."""
    file = song(tune(62), beat(36, 38), key=Key(2))
    piano, drums = fitted_section(file, None, replace(BLUES, bars=1)).parts
    assert heard(piano) == [(0, 60)]
    assert heard(drums) == [(0, 36), (12, 38)]
    alone = song(beat(36, 38), key=None)
    (drums,) = fitted_part(alone, None, replace(BLUES, bars=1), DRUM_SEAT).parts
    assert heard(drums) == [(0, 36), (12, 38)]


# Whose part.


def test_an_instrument_goes_on_in_its_own_part() -> None:
    """Under the name that it has there; the file's others come in before the drums."""
    base = song(replace(tune(72, program=VIOLIN), name="Fiddle"), beat(36))
    file = song(beat(38), tune(48, program=CELLO), tune(60, program=VIOLIN))
    mix = fitted_section(file, base, replace(BLUES, bars=1))
    assert [part.name for part in mix.parts] == ["Fiddle", "Cello", ""]
    assert [heard(part) for part in mix.parts] == [
        [(0, 72), (96, 60)],
        [(96, 48)],
        [(0, 36), (96, 38)],
    ]


def test_two_of_an_instrument_go_on_in_two_parts() -> None:
    """The first in the first; one more than there were comes in anew, under its number."""
    hands = (replace(tune(72), name="Piano"), replace(tune(48), name="Piano left"))
    file = song(tune(74), tune(50), tune(52))
    mix = fitted_section(file, song(*hands), replace(BLUES, bars=1))
    assert [part.name for part in mix.parts] == ["Piano", "Piano left", "Piano 2"]
    assert [heard(part)[-1] for part in mix.parts] == [(96, 74), (96, 50), (96, 52)]


def test_what_begins_a_jam_is_named_after_its_instruments() -> None:
    """And not as a stranger's file names its tracks; drums are last, silent parts stay out."""
    named = replace(tune(60, program=VIOLIN), name="by xX_Bob_Xx")
    file = song(beat(36), named, Part((), FLUTE), tune(55, program=VIOLIN))
    mix = fitted_section(replace(file, title="Bob's"), None, BLUES)
    assert [part.name for part in mix.parts] == ["Violin", "Violin 2", "Drums"]
    assert mix.title == ""


def test_a_file_of_too_many_instruments_is_refused() -> None:
    """With those of the piece they may be fifteen, and drums."""
    many = song(*(tune(60, program=program) for program in range(14)), beat(36))
    base = song(tune(60, program=FLUTE), beat(36))
    assert len(fitted_section(many, base, BLUES).parts) == 16
    base = song(tune(60, program=FLUTE), tune(60, program=SAX))
    error = refused(many, base)
    assert (error.fault, error.found) == (TakeFault.TOO_MANY_PARTS, "17")


@pytest.mark.parametrize(
    ("programs", "chosen"),
    [
        ((PIANO, SAX, FLUTE), 1),
        ((PIANO, FLUTE, SAX + 1), 2),
        ((PIANO, ORGAN, GUITAR), 1),
    ],
    ids=["the same instrument", "one of its family", "the one with most notes"],
)
def test_a_seat_takes_the_part_that_is_most_like_it(programs: tuple[int, ...], chosen: int) -> None:
    """Second in line is always the one with most notes."""
    pitches = ((60,), (62, 62), (64,))
    band = [tune(*each, program=one) for each, one in zip(pitches, programs, strict=True)]
    (part,) = fitted_part(song(*band), None, replace(BLUES, bars=1), SAX_SEAT).parts
    assert [note.pitch for note in part.notes] == list(pitches[chosen])
    assert (part.program, part.name) == (SAX, "Alto sax")


def test_a_part_begins_with_its_first_note() -> None:
    """However long the others of its file play before."""
    file = song(tune(*[60] * 32), beat(36, start=192), bars=8)
    (drums,) = fitted_part(file, None, replace(BLUES, bars=1), DRUM_SEAT).parts
    assert heard(drums) == [(0, 36)]


def test_drums_stay_last() -> None:
    """Whoever comes after them sits before them."""
    band = fitted_part(song(beat(36)), None, BLUES, DRUM_SEAT)
    band = fitted_part(song(tune(60)), band, BLUES, SAX_SEAT)
    band = fitted_part(song(tune(40)), band, BLUES, BASS_SEAT)
    band = fitted_part(song(tune(64)), band, BLUES, SAX_SEAT)
    assert [part.name for part in band.parts] == ["Alto sax", "Bass", "Alto sax 2", "Drums"]


def test_a_file_without_drums_is_no_drum_part() -> None:
    """Nor is one with a silent one."""
    error = refused(song(tune(60), beat()), seat=DRUM_SEAT)
    assert (error.fault, error.wanted) == (TakeFault.NO_DRUMS, "drums")


def test_drums_alone_are_no_part_for_an_instrument() -> None:
    """Whoever brought them is told what they play."""
    error = refused(song(beat(36)), seat=SAX_SEAT)
    assert (error.fault, error.wanted) == (TakeFault.ONLY_DRUMS, "alto sax")


def test_two_do_not_drum() -> None:
    """A piece has room for one."""
    error = refused(song(beat(36)), song(beat(38)), DRUM_SEAT)
    assert error.fault is TakeFault.TOO_MANY_PARTS


# Limits.


def dense(count: int, steps: int) -> Part:
    """Play so many notes within so many steps, all over the keyboard."""
    places = sorted((at % steps, at // steps) for at in range(count))
    return Part(tuple(Note(step, pitch, 1) for step, pitch in places))


def test_a_take_has_its_share_of_the_notes() -> None:
    """As many as there are once the bars are full."""
    full = fitted_section(song(dense(MAX_TAKE_NOTES, 96)), None, BLUES)
    assert full.note_count == MAX_TAKE_NOTES
    error = refused(song(dense(MAX_TAKE_NOTES + 1, 96)))
    assert (error.fault, error.found, error.wanted) == (
        TakeFault.TOO_MANY_NOTES,
        "4,001",
        "4,000",
    )
    looped = song(dense(MAX_TAKE_NOTES // 2 + 1, 48), bars=1)
    assert refused(looped, seat=SAX_SEAT).found == "4,002"


def test_a_full_piece_takes_no_more_notes() -> None:
    """Its limit counts, where that is nearer."""
    base = song(dense(MAX_NOTES - 1, 480), bars=10)
    assert fitted_section(song(tune(60)), base, replace(BLUES, bars=1)).note_count == MAX_NOTES
    assert refused(song(tune(60)), base).wanted == "1"


def test_a_piece_grows_to_its_limit_of_bars() -> None:
    """And is told so as the composer tells it."""
    base = song(bars=MAX_BARS - 2)
    assert fitted_section(song(tune(60)), base, BLUES).bars == MAX_BARS
    with pytest.raises(RequestRefused) as told:
        fitted_section(song(tune(60)), song(bars=MAX_BARS - 1), BLUES)
    assert told.value.field == "bars"
