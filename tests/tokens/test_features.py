"""What the network is told: the same when it learns and when it composes, and never the future."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiogroove.music.piece import Key, Meter, Piece
from audiogroove.request import Mode
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, VELOCITY, Events, encode
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.features import (
    FAR_BARS,
    HISTORY,
    LOOKBACKS,
    ChainFeatures,
    Features,
    Frame,
    Ints,
    chord_of,
    density_id,
    fold_events,
    key_id,
    keys_of,
    remaining_of,
    tempo_id,
    window_features,
)
from audiogroove.tokens.form import Form, find_form, plan_form
from audiogroove.tokens.grammar import Region
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS
from tests.tokens.scores import (
    BASS,
    FLUTE,
    PIANO,
    WORDS,
    Story,
    band,
    bands,
    frame,
    part,
    rows,
    stories,
)

NONE = np.zeros(0, dtype=np.int64)


def features_of(
    events: Events, told: Frame, start: int = 0, stop: int | None = None, known: Ints = NONE
) -> tuple[Features, ChainFeatures]:
    """Compute what training computes, by default of all notes and the end."""
    ids = fold_events(events, told.programs, WORDS)
    return window_features(
        events, ids, told, start, len(events) + 1 if stop is None else stop, known
    )


# Learning and composing are told the same


def told_at(draft: Draft) -> Features:
    """Give what a draft is told before it decides; for `aligned`, which given note is next."""
    return Features(
        np.array(draft.cursor_row()),
        np.array(draft.place()),
        np.array(draft.lookback()),
        remaining_of(draft.rests()[None])[0],
        np.array(draft.upcoming if draft.upcoming < len(draft.given) else -1),
    )


def told_between(draft: Draft, event: Ints, ids: Ints) -> ChainFeatures:
    """Tell a draft its next event field by field; give what it learned meanwhile.

    Each decision is first looked up among the options: a band plays nothing unlawful.
    """
    bar = min(int(event[BAR]) - (draft.events[-1][BAR] if draft.events else 0), END - 1)
    assert draft.bar_options()[bar]
    draft.take_bar(bar)
    assert draft.position_options()[ids[0]]
    draft.take_position(int(ids[0]))
    busy, chord = draft.busy().astype(np.float32), chord_of(draft.sounding()[None])[0]
    assert draft.part_options()[event[PART]]
    draft.take_part(int(event[PART]))
    own = draft.own().copy()
    assert draft.pitch_options()[ids[3]]
    draft.take_pitch(int(ids[3]))
    assert draft.duration_options()[ids[4]]
    draft.take_duration(int(ids[4]))
    draft.take_velocity(int(ids[5]))
    return ChainFeatures(busy, chord, own)


def told_in_turn(story: Story) -> tuple[list[Features], list[ChainFeatures]]:
    """Write a story's notes into a draft; give what it was told at each step."""
    draft = story.draft()
    ids = fold_events(story.events, story.frame.programs, WORDS).stack(slice(None)) - 1
    told, learned = [], []
    for step in range(story.start, story.stop):
        told.append(told_at(draft))
        if step < len(story.events):
            learned.append(told_between(draft, story.events[step], ids[step]))
    written = draft.new
    assert written == [tuple(row) for row in story.events[story.is_new].tolist()]
    return told, learned


def assert_told_the_same(story: Story) -> None:
    """Hold training and composing equal, step by step and feature by feature."""
    past = np.arange(max(0, story.start - 3), story.start)
    future = np.flatnonzero(~story.is_new)
    known = np.concatenate((past, future[future >= story.start]))
    features, chain = features_of(story.events, story.frame, story.start, story.stop, known)
    told, learned = told_in_turn(story)
    entries = 1 + len(story.piece.parts) + len(past)
    for step, one in enumerate(told):
        for name in ("cursor", "place", "lookback", "remaining"):
            expected = getattr(features, name)[step].tolist()
            assert expected == getattr(one, name).tolist(), (step, name)
        aligned = entries + int(one.aligned) if one.aligned >= 0 else 0
        assert features.aligned[step] == aligned, step
    for step, heard in enumerate(learned):
        for name in ("busy", "chord", "own"):
            expected = getattr(chain, name)[step].tolist()
            assert expected == getattr(heard, name).tolist(), (step, name)


@pytest.mark.parametrize("kind", Mode)
def test_composing_is_told_what_training_was(kind: Mode) -> None:
    """Note by note, from the first or from the middle, with a form and given notes or without."""

    @settings(max_examples=30, deadline=None)
    @given(stories(kind))
    def told_the_same(story: Story) -> None:
        assume(story.is_new.any())  # composing leaves no region empty
        assert_told_the_same(story)

    told_the_same()


def test_a_drone_is_forgotten_at_once_by_both() -> None:
    """What began more than HISTORY notes ago sounds no more, in training as in composing."""
    drone = (0, 60, 48 * 60)
    tune = [(onset, 72 + onset % 5, 2) for onset in range(0, 48 * 52, 4)]
    piece = Piece((part(drone, program=PIANO), part(*tune, program=FLUTE)), bars=60)
    events, new = encode(piece), np.zeros(len(tune) + 1, dtype=bool)
    assert np.flatnonzero(events[:, BAR] < 50)[-1] > HISTORY
    new[events[:, BAR] >= 50] = True
    story = Story(piece, events, frame(piece), Region(50, 60, frozenset({0, 1})), new)
    features, _ = features_of(events, story.frame, story.start, story.stop)
    assert features.remaining[0, 0] == 0
    assert_told_the_same(story)


# Nothing knows the future


@settings(max_examples=30, deadline=None)
@given(bands(), st.data())
def test_the_future_changes_nothing(
    who: tuple[list[int], list[Meter], int], data: st.DataObject
) -> None:
    """A piece that breaks off is told like the whole piece, up to where it breaks off."""
    programs, meters, seed = who
    piece, events = band(Random(seed), programs=programs, meters=meters)
    assume(len(events) > 1)
    told = frame(piece, find_form(events, piece.bars))
    step = data.draw(st.integers(1, len(events) - 1))
    whole, heard = features_of(events, told)
    broken, heard_before = features_of(events[:step], told)
    for name in ("cursor", "place", "lookback", "remaining", "aligned"):
        expected = getattr(broken, name).tolist()
        assert expected == getattr(whole, name)[: step + 1].tolist(), name
    for name in ("busy", "chord", "own"):
        expected = getattr(heard_before, name)[:step].tolist()
        assert expected == getattr(heard, name)[:step].tolist(), name


@settings(max_examples=30, deadline=None)
@given(stories(Mode.ACCOMPANY), st.data())
def test_what_is_not_given_is_not_known(story: Story, data: st.DataObject) -> None:
    """New notes from a step on sound, last and ring otherwise: nothing changes up to that step.

    Not even what the step learns between its decisions, for it learns of pitch, length and
    strength only after it has decided them.
    """
    assume(story.is_new.any())
    known = np.flatnonzero(~story.is_new)
    features, chain = features_of(story.events, story.frame, 0, None, known)
    step = int(data.draw(st.sampled_from(np.flatnonzero(story.is_new).tolist())))
    later = story.is_new & (np.arange(len(story.events)) >= step)
    others = story.events.copy()
    others[later, PITCH] += 1
    others[later, DURATION] = data.draw(st.integers(1, 300))
    others[later, VELOCITY] = data.draw(st.integers(1, 127))
    other_features, other_chain = features_of(others, story.frame, 0, None, known)
    for name in ("cursor", "place", "lookback", "remaining", "aligned"):
        expected = getattr(features, name)[: step + 1].tolist()
        assert expected == getattr(other_features, name)[: step + 1].tolist(), name
    for name in ("busy", "chord", "own"):
        expected = getattr(chain, name)[: step + 1].tolist()
        assert expected == getattr(other_chain, name)[: step + 1].tolist(), name


# What each of them says, note by note

# bar, position, part, pitch, duration, velocity: a tune, a bass, drums; bar 2 is bar 0 again
SONG = rows(
    (0, 0, 0, 72, 12, 80),
    (0, 0, 1, 36, 24, 64),
    (0, 0, 2, 36, 3, 96),
    (0, 24, 0, 76, 24, 80),
    (1, 0, 0, 74, 48, 80),
    (1, 0, 1, 43, 192, 64),
    (2, 0, 0, 72, 12, 80),
    (2, 0, 1, 36, 24, 64),
    (2, 24, 0, 76, 24, 80),
)
BAND = Piece((part(program=FLUTE), part(program=BASS), part(program=DRUMS)), bars=4)


def ids_of(field: str, *values: int) -> list[int]:
    """Give the ids from 1, as features have them."""
    return [int(one) + 1 for one in WORDS[field].ids(np.array(values))]


def test_a_step_is_told_the_note_before() -> None:
    """Six ids from 1; before the first note nothing."""
    features, _ = features_of(SONG, frame(BAND))
    program, pitch = ids_of("program", DRUMS), ids_of("pitch", DRUMS + 36)
    assert features.cursor[0].tolist() == [0] * 6
    expected = [1, 3, *program, *pitch, *ids_of("duration", 3), *ids_of("velocity", 96)]
    assert expected == features.cursor[3].tolist()


def test_a_step_is_told_its_place() -> None:
    """Bar in the cycle, meter, bars left, the form here and next, bars until the next given."""
    given_last = np.array([8])
    told = frame(BAND, plan_form("ABA", 4))  # sections begin in bars 0, 1 and 3
    features, _ = features_of(SONG, told, known=given_last)
    four_four = ids_of("meter", 404)[0]
    assert [1, four_four, 4, 1, 1, 3] == features.place[0].tolist()
    assert [3, four_four, 2, 1, 3, 1] == features.place[8].tolist()
    assert [3, four_four, 2, 1, 3, 0] == features.place[9].tolist()


def test_nobody_counts_further_than_far() -> None:
    """Bars left and bars until a given note stop at FAR_BARS; a hidden ending is 0."""
    piece = Piece((part((0, 60, 3), (48 * 90, 60, 3)),), bars=100)
    features, _ = features_of(encode(piece), frame(piece), known=np.array([1]))
    assert features.place[1, [2, 5]].tolist() == [FAR_BARS + 1, FAR_BARS + 1]
    features, _ = features_of(encode(piece), frame(piece, ending=False))
    assert features.place[1, 2] == 0


def test_a_step_looks_back_one_two_and_four_bars() -> None:
    """It sees what followed the cursor's place then: how many bars ahead, where, who and what."""
    features, _ = features_of(SONG, frame(BAND))
    one, two, four, form = features.lookback[7].tolist()  # after the flute's C of bar 2
    assert [1, 1, 1, *ids_of("pitch", 74), *ids_of("duration", 48)] == one
    assert [1, 1, 2, *ids_of("pitch", 36), *ids_of("duration", 24)] == two
    assert four == [0] * 5
    assert form == [0] * 5


def test_a_step_follows_the_form() -> None:
    """Bar 2 comes from bar 0: what followed there is the lookback to the form's bar."""
    features, _ = features_of(SONG, frame(BAND, find_form(SONG, BAND.bars)))
    followed = [1, 1, 2, *ids_of("pitch", 36), *ids_of("duration", 24)]
    assert followed == features.lookback[7, LOOKBACKS - 1].tolist()


def test_a_spent_form_looks_at_the_next_bar() -> None:
    """Where bar 1 is written and bar 2 shall be bar 0 again, it is told how bar 0 begins."""
    features, _ = features_of(SONG, frame(BAND, plan_form("ABAB", 4)))
    begins = [2, 1, 1, *ids_of("pitch", 72), *ids_of("duration", 12)]
    assert begins == features.lookback[6, LOOKBACKS - 1].tolist()


def test_a_source_that_is_silent_says_what_follows_it() -> None:
    """Bar 2 shall be like bar 1, in which nobody plays: what is found is of a later bar."""
    events = rows((0, 0, 0, 72, 12, 80), (2, 0, 0, 74, 12, 80), (3, 0, 0, 76, 12, 80))
    form = Form(np.array([-1, -1, -1, 1]), np.array([1, 1, 1, 2]))
    features, _ = features_of(events, frame(BAND, form))
    assert [3, 1, 1, *ids_of("pitch", 74), *ids_of("duration", 12)] == features.lookback[
        2, 3
    ].tolist()


def test_a_step_hears_how_long_each_part_still_sounds() -> None:
    """In shares of four quarters from the cursor on, and whether at all."""
    features, _ = features_of(SONG, frame(BAND))
    assert features.remaining[3, :3].tolist() == [0.25, 0.5, 0.0625]
    assert features.remaining[3, MAX_PARTS : MAX_PARTS + 4].tolist() == [1, 1, 1, 0]
    assert features.remaining[4, :3].tolist() == [0.5, 0, 0]
    assert features.remaining[6, :3].tolist() == [1, 1, 0]


def test_a_note_hears_the_chord_it_joins() -> None:
    """Pitch classes that sound at its onset and the class of the lowest; drums have none."""
    _, chain = features_of(SONG, frame(BAND))
    classes, lowest = np.flatnonzero(chain.chord[2, :12]), np.flatnonzero(chain.chord[2, 12:])
    assert [classes.tolist(), lowest.tolist()] == [[0], [0]]
    classes, lowest = np.flatnonzero(chain.chord[8, :12]), np.flatnonzero(chain.chord[8, 12:])
    assert [classes.tolist(), lowest.tolist()] == [[7], [7]]  # the bass's G holds on
    assert not chain.chord[3].any()


def test_a_note_knows_who_is_busy() -> None:
    """Whoever sounds at its onset, drums too."""
    _, chain = features_of(SONG, frame(BAND))
    assert chain.busy[0, :3].tolist() == [0, 0, 0]
    assert chain.busy[2, :3].tolist() == [1, 1, 0]
    assert chain.busy[8, :3].tolist() == [0, 1, 0]


def test_a_note_knows_its_part_s_last() -> None:
    """Pitch, length and strength of what the same part played before."""
    _, chain = features_of(SONG, frame(BAND))
    assert chain.own[1].tolist() == [0, 0, 0]
    last = [*ids_of("pitch", 43), *ids_of("duration", 192), *ids_of("velocity", 64)]
    assert last == chain.own[7].tolist()


# Wishes and keys as numbers


@pytest.mark.parametrize(
    ("bpm", "step"), [(20, 1), (30, 1), (34.4, 1), (34.5, 2), (60, 6), (120, 11), (400, 19)]
)
def test_tempos_are_told_in_fifths_of_an_octave(bpm: float, step: int) -> None:
    """From 30 quarters a minute on; slower is told as that."""
    assert tempo_id(bpm) == step


@pytest.mark.parametrize(("notes", "step"), [(0, 1), (0.5, 1), (1, 3), (2, 5), (8, 9), (9999, 16)])
def test_densities_are_told_in_half_octaves(notes: float, step: int) -> None:
    """From half a note a bar to nearly a hundred."""
    assert density_id(notes) == step


def test_every_key_has_its_own_number() -> None:
    """Twelve majors, then twelve minors, from 1."""
    keys = [Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]
    assert list(range(1, 25)) == [key_id(one.tonic, minor=one.mode == "minor") for one in keys]


@settings(max_examples=30, deadline=None)
@given(bands())
def test_keys_rise_with_the_notes(who: tuple[list[int], list[Meter], int]) -> None:
    """The order of keys is the order of the score."""
    programs, meters, seed = who
    _, events = band(Random(seed), programs=programs, meters=meters)
    assert all(one < two for one, two in pairwise(keys_of(events).tolist()))


def test_wishes_are_four_numbers() -> None:
    """Style, key, tempo, density; 0 where nothing is wished."""
    assert frame(BAND).wishes.tolist() == [0, 0, 0, 0]
    wished = replace(frame(BAND), style=3, key=1, tempo=11, density=9)
    assert wished.wishes.tolist() == [3, 1, 11, 9]
