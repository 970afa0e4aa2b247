"""Keys, scales and meters: found in music, read from what people type."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.music.theory import (
    SCALES,
    fifths,
    find_key,
    find_key_of,
    key_name,
    parse_key,
    parse_meter,
    scale_on,
    tonic_chord,
)

ALL_KEYS = [Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]

# (pitch, duration in steps): the beginnings of tunes that everybody can sing
FRERE_JACQUES = [(60, 12), (62, 12), (64, 12), (60, 12), (64, 12), (65, 12), (67, 24), (60, 24)]
GREENSLEEVES = [
    (57, 12), (60, 24), (62, 12), (64, 18), (65, 6), (64, 12), (62, 24), (59, 12), (55, 18),
    (57, 6), (59, 12), (60, 24), (57, 12), (57, 18), (56, 6), (57, 12), (59, 24), (56, 12),
    (52, 24), (57, 24),
]  # fmt: skip


def melody(tune: list[tuple[int, int]], *, up: int = 0) -> Piece:
    """Play a tune once, transposed by some semitones."""
    notes, onset = [], 0
    for pitch, duration in tune:
        notes.append(Note(onset, pitch + up, duration))
        onset += duration
    return Piece((Part(tuple(notes)),), bars=-(-onset // 48))


@pytest.mark.parametrize("up", range(12))
def test_a_tune_is_in_its_key_wherever_it_is_sung(up: int) -> None:
    """Transposing a tune transposes the key that is found and changes nothing else."""
    assert Key(up, "major") == find_key(melody(FRERE_JACQUES, up=up))
    assert Key((9 + up) % 12, "minor") == find_key(melody(GREENSLEEVES, up=up))


def test_drums_have_no_key() -> None:
    """A drum's pitch is a key of the kit and says nothing of tonality."""
    beat = Part((Note(0, 36, 3), Note(12, 38, 3)), is_drums=True)
    assert find_key(Piece((beat,), bars=1)) is None


def test_drums_do_not_change_the_key_of_a_tune() -> None:
    """Only the pitched parts are weighed."""
    tune = melody(FRERE_JACQUES)
    beat = Part(tuple(Note(step, 42, 3) for step in range(0, 96, 3)), is_drums=True)
    assert find_key(tune) == find_key(tune.with_parts([*tune.parts, beat]))


def test_a_chromatic_scale_is_in_the_key_it_ends_on() -> None:
    """Where no pitch class is heard more than another, the final note decides."""
    upwards, in_turn = np.arange(67, 79), np.arange(0, 144, 12)
    assert find_key_of(upwards, np.full(12, 12), in_turn) == Key(6, "major")


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 127), st.integers(1, 600), st.integers(0, 5000)),
        min_size=1,
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_notes_does_not_matter(
    notes: list[tuple[int, int, int]], random: Random
) -> None:
    """Callers may hand over their arrays unsorted."""
    shuffled = list(notes)
    random.shuffle(shuffled)
    one, two = (np.array(each, dtype=np.int64).T for each in (notes, shuffled))
    assert find_key_of(*one) == find_key_of(*two)


@pytest.mark.parametrize(
    ("typed", "key", "scale"),
    [
        ("D minor", Key(2, "minor"), "minor"),
        ("Dm", Key(2, "minor"), "minor"),
        ("DM", Key(2, "major"), "major"),
        ("d", Key(2, "major"), "major"),
        ("F# major", Key(6, "major"), "major"),
        ("Bb", Key(10, "major"), "major"),
        ("bb", Key(10, "major"), "major"),
        ("B♭m", Key(10, "minor"), "minor"),
        ("b blues", Key(11, "minor"), "blues"),
        ("Bblues", Key(11, "minor"), "blues"),
        ("E-flat major", Key(3, "major"), "major"),
        ("c sharp minor", Key(1, "minor"), "minor"),
        ("eb dorian", Key(3, "minor"), "dorian"),
        ("A harmonic minor", Key(9, "minor"), "harmonic minor"),
        ("A minor harmonic", Key(9, "minor"), "harmonic minor"),
        ("C pentatonic", Key(0, "major"), "major pentatonic"),
        ("Am pentatonic", Key(9, "minor"), "minor pentatonic"),
        ("G mixolydian mode", Key(7, "major"), "mixolydian"),
        ("a-Moll", Key(9, "minor"), "minor"),
        ("Cb", Key(11, "major"), "major"),
        ("D wholetone", Key(2, "major"), "whole tone"),
    ],
)
def test_keys_are_read_as_people_type_them(typed: str, key: Key, scale: str) -> None:
    """Letters in any case, accidentals as signs or words, scales by their common names."""
    assert (key, scale_on(key.tonic, scale)) == parse_key(typed)


@pytest.mark.parametrize("typed", ["", "H", "minor", "C##", "C majr", "Bb lues", "42", "c" * 5000])
def test_what_is_no_key_is_refused_with_examples(typed: str) -> None:
    """The refusal repeats what was typed and shows how keys look."""
    with pytest.raises(RequestRefused, match="C major") as refused:
        parse_key(typed)
    assert ("key", typed) == (refused.value.field, refused.value.asked)


@pytest.mark.parametrize("key", ALL_KEYS, ids=key_name)
def test_names_of_keys_read_back(key: Key) -> None:
    """`parse_key` understands each name that `key_name` gives."""
    assert key == parse_key(key_name(key))[0]


@pytest.mark.parametrize("name", SCALES)
def test_names_of_scales_read_back(name: str) -> None:
    """Every scale of the table can be asked for, and holds its own tonic."""
    _, scale = parse_key(f"F# {name}")
    assert (name, 6) == (scale.name, scale.tonic)
    assert 6 in scale.pitch_classes


def test_a_plain_minor_key_allows_its_raised_degrees() -> None:
    """Real music in A minor uses F sharp and G sharp; only C sharp, D sharp, A sharp stay out."""
    _, scale = parse_key("Am")
    assert {1, 3, 10} == set(range(12)) - scale.pitch_classes


@pytest.mark.parametrize(
    ("key", "name", "accidentals"),
    [
        (Key(3), "Eb major", -3),
        (Key(6), "F# major", 6),
        (Key(1), "Db major", -5),
        (Key(6, "minor"), "F# minor", 3),
        (Key(3, "minor"), "Eb minor", -6),
        (Key(8, "minor"), "G# minor", 5),
        (Key(9, "minor"), "A minor", 0),
    ],
)
def test_keys_are_spelt_as_musicians_write_them(key: Key, name: str, accidentals: int) -> None:
    """Nobody writes D# major: the spelling with fewer accidentals is taken."""
    assert (name, accidentals) == (key_name(key), fifths(key))


@pytest.mark.parametrize("key", ALL_KEYS, ids=key_name)
def test_a_signature_leads_back_to_the_tonic(key: Key) -> None:
    """Going that many fifths from C (or from A in minor) arrives at the key."""
    home = 0 if key.mode == "major" else 9
    assert key.tonic == (home + 7 * fifths(key)) % 12


@pytest.mark.parametrize(
    ("key", "chord"),
    [
        (Key(0), {0, 4, 7}),
        (Key(9, "minor"), {9, 0, 4}),
        (Key(10), {10, 2, 5}),
        (Key(3, "minor"), {3, 6, 10}),
    ],
)
def test_a_key_has_a_tonic_chord(key: Key, chord: set[int]) -> None:
    """C, A minor, B flat, E flat minor."""
    assert tonic_chord(key) == chord


@pytest.mark.parametrize("key", ALL_KEYS, ids=key_name)
def test_a_tonic_chord_is_of_its_key(key: Key) -> None:
    """Three notes of the scale, its tonic among them."""
    chord = tonic_chord(key)
    assert len(chord) == 3
    assert key.tonic in chord <= scale_on(key.tonic, key.mode).pitch_classes


@pytest.mark.parametrize(
    ("typed", "meter"),
    [
        ("6/8", Meter(6, 8)),
        (" 3 / 4 ", Meter(3, 4)),
        ("common time", Meter(4, 4)),
        ("cut", Meter(2, 2)),
    ],
)
def test_meters_are_read_as_people_type_them(typed: str, meter: Meter) -> None:
    """Fractions and the two old words."""
    assert meter == parse_meter(typed)


@pytest.mark.parametrize("typed", ["", "4", "0/4", "4/3", "99/4", "1/32", "-3/4", "٣/٤", "4/4/4"])
def test_what_is_no_meter_is_refused_with_examples(typed: str) -> None:
    """The refusal repeats what was typed and lists common meters."""
    with pytest.raises(RequestRefused, match="6/8") as refused:
        parse_meter(typed)
    assert ("meter", typed) == (refused.value.field, refused.value.asked)
