"""A draft: whatever is decided of what may be decided, it ends in a lawful piece."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiogroove.music import instruments
from audiogroove.music.piece import MAX_BARS, MAX_MELODIC_PARTS, Meter, Piece
from audiogroove.request import MAX_NEW_BARS, ComposeRequest, Mode
from audiogroove.tokens import draft as drafts
from audiogroove.tokens.codec import BAR, decode, encode
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.fair_copy import settled
from audiogroove.tokens.vocabulary import DRUMS, END, Vocabulary
from tests.strategies import pieces
from tests.tokens.scores import (
    BASS,
    FLUTE,
    PIANO,
    POOR,
    WORDS,
    Choose,
    at_random,
    draft_for,
    first,
    last,
    part,
    write,
)

Notes = list[tuple[int, ...]]


def notes_of(piece: Piece, *, of: Callable[[tuple[int, ...]], bool] = lambda _: True) -> Notes:
    """List a piece's events, or some of them."""
    return [event for event in map(tuple, encode(piece).tolist()) if of(event)]


def assert_lawful(draft: Draft) -> Piece:
    """Check a finished draft against the laws that hold for all; give the piece.

    It is a legal piece, since making one checks that. What was known is there note for note, and
    the rest is new notes in the region.
    """
    region, known = draft.brief.region, [tuple(row) for row in draft.brief.known.tolist()]
    assert all(one[:4] < two[:4] for one, two in pairwise(draft.events))
    for bar, _, player, *_ in draft.new:
        assert region.first <= bar < region.past
        assert player in region.parts
    piece = decode(settled(draft.brief, draft.new), draft.brief.paper)
    finished = notes_of(piece)
    assert not Counter(known) - Counter(finished)
    added = Counter(finished) - Counter(known)
    assert {event[:4] for event in added} <= {event[:4] for event in draft.new}
    return piece


def write_lawfully(request: ComposeRequest, words: Vocabulary, choose: Choose) -> Piece:
    """Write what was asked for; check the laws, and that it ends only at its end."""
    draft = draft_for(request, words)
    ended_after = write(draft, choose)[-1]
    if draft.turn.over:
        assert draft.upcoming == len(draft.given)
        assert ended_after.bar >= draft.brief.region.past - 1
    assert draft.new_bars == draft.brief.region.past - draft.brief.region.first
    return assert_lawful(draft)


# Whatever is decided

words = st.sampled_from((WORDS, POOR))
seeds = st.integers(0, 2**32)
seed_pieces = pieces().filter(lambda piece: bool(piece.note_count))
players = st.lists(
    st.sampled_from([*instruments.INSTRUMENTS, instruments.DRUMS]), max_size=6
).filter(lambda parts: sum(part.is_drums for part in parts) < 2)


@settings(max_examples=15, deadline=None)
@given(
    seeds, words, st.integers(1, 24), players, st.sampled_from((Meter(), Meter(2, 1), Meter(1, 16)))
)
def test_a_composition_ends_in_music(
    seed: int, words: Vocabulary, bars: int, parts: list[instruments.Instrument], meter: Meter
) -> None:
    """For any instruments, any number of bars, with any words."""
    request = ComposeRequest(seed, bars=bars, parts=tuple(parts), meter=meter)
    piece = write_lawfully(request, words, at_random(seed))
    assert piece.note_count
    assert bars == piece.bars == 1 + max(event[BAR] for event in notes_of(piece))


@settings(max_examples=15, deadline=None)
@given(material=seed_pieces, seed=seeds, words=words, bars=st.integers(1, 24), ending=st.booleans())
def test_a_continuation_goes_on_where_the_seed_ends(
    *, material: Piece, seed: int, words: Vocabulary, bars: int, ending: bool
) -> None:
    """The seed comes first, note for note, and then new bars up to the last."""
    assume(material.bars + bars <= MAX_BARS)
    request = ComposeRequest(seed, Mode.CONTINUE, material, bars=bars, ending=ending)
    piece = write_lawfully(request, words, at_random(seed))
    assert material.bars + bars == piece.bars
    assert notes_of(piece, of=lambda event: event[BAR] < material.bars) == notes_of(material)
    assert piece.bars == 1 + max(event[BAR] for event in notes_of(piece))


@settings(max_examples=15, deadline=None)
@given(seed_pieces, seeds, words, st.data())
def test_a_variation_leaves_the_other_bars_alone(
    material: Piece, seed: int, words: Vocabulary, data: st.DataObject
) -> None:
    """At the very beginning, at the very end, in the midst of it, or all of it."""
    first = data.draw(st.just(0) | st.integers(0, material.bars - 1))
    most = min(material.bars, first + MAX_NEW_BARS)
    past = data.draw(st.just(most) | st.integers(first + 1, most))

    def outside(event: tuple[int, ...]) -> bool:
        return not first <= event[BAR] < past

    request = ComposeRequest(seed, Mode.VARY, material, bar_range=(first, past))
    piece = write_lawfully(request, words, at_random(seed))
    assert material.bars == piece.bars
    assert notes_of(material, of=outside) == notes_of(piece, of=outside)


@settings(max_examples=15, deadline=None)
@given(seed_pieces, seeds, words, st.sampled_from(instruments.INSTRUMENTS), st.data())
def test_company_leaves_the_others_alone(
    material: Piece,
    seed: int,
    words: Vocabulary,
    player: instruments.Instrument,
    data: st.DataObject,
) -> None:
    """Added parts play with all notes of the old ones, in all bars or in some."""
    kits = sum(one.is_drums for one in material.parts)
    assume(not kits or len(material.parts) - kits < MAX_MELODIC_PARTS)
    added = player if len(material.parts) - kits < MAX_MELODIC_PARTS else instruments.DRUMS
    some = (material.bars // 3, material.bars // 3 + 1)
    bars = data.draw(st.sampled_from((None, some)))
    request = ComposeRequest(seed, Mode.ACCOMPANY, material, parts=(added,), bar_range=bars)
    piece = write_lawfully(request, words, at_random(seed))
    assert Counter(piece.parts) >= Counter(material.parts)
    assert len(material.parts) + 1 == len(piece.parts)


TWO_BARS = Piece((part((0, 60, 12)),), bars=2)
FOUR_BARS = Piece((part(*((48 * bar, 60, 12) for bar in range(4))),), bars=4)

# Seeds that are hard to go on from

ONE_NOTE = Piece((part((0, 60, 12)),), bars=1)
DRUMS_ONLY = Piece((part((0, 36, 3), (24, 38, 3), program=DRUMS),), bars=1)
LONG_REST = Piece((part((0, 60, 12), (144, 62, 12)), part((7, 40, 3))), 14, ((0, Meter(1, 4)),))
OFF_THE_GRID = Piece((part((1, 23, 7), (13, 61, 11), (25, 101, 1), (37, 127, 5)),), bars=1)
SIXTEEN = Piece(
    (*(part((one, 60, 20), program=one) for one in range(15)), part((5, 40, 1), program=DRUMS)),
    bars=6,
    meters=((0, Meter(1, 8)),),
)
IN_THE_MIDDLE = Piece((part((0, 60, 12), (50, 62, 6)),), bars=3)
A_CLUSTER = Piece((part(*((0, pitch, 48) for pitch in range(40, 90))),), bars=1)
TO_THE_TOP = Piece((part((0, 60, 48), (47, 127, 1)),), bars=1)
SEEDS = [
    ONE_NOTE, DRUMS_ONLY, LONG_REST, OFF_THE_GRID, SIXTEEN, IN_THE_MIDDLE, A_CLUSTER, TO_THE_TOP,
]  # fmt: skip


@pytest.mark.parametrize("choose", [first, last, at_random(7), at_random(8)])
@pytest.mark.parametrize("words", [WORDS, POOR])
@pytest.mark.parametrize("material", SEEDS)
def test_a_hard_seed_ends_in_music_too(material: Piece, words: Vocabulary, choose: Choose) -> None:
    """In every mode, even if whoever decides takes always the least or always the most."""
    added = instruments.INSTRUMENTS[FLUTE]
    requests = [
        ComposeRequest(1, Mode.CONTINUE, material, bars=1),
        ComposeRequest(1, Mode.VARY, material, bar_range=(0, 1)),
        ComposeRequest(1, Mode.VARY, material, bar_range=(material.bars - 1, material.bars)),
    ]
    if material is not SIXTEEN:
        requests.append(ComposeRequest(1, Mode.ACCOMPANY, material, parts=(added,)))
    for request in requests:
        write_lawfully(request, words, choose)


# Company that may be silent

FLUTIST = instruments.INSTRUMENTS[FLUTE]


def pass_by(draft: Draft) -> None:
    """Decide for the next given note, field by field."""
    bar, position, player, *_ = draft.given[draft.upcoming].tolist()
    now = draft.events[-1][BAR] if draft.events else 0
    ids = {"bar": bar - now, "position": folded("position", position), "part": player}
    for field, options in (
        ("bar", draft.bar_options),
        ("position", draft.position_options),
        ("part", draft.part_options),
    ):
        assert options()[ids[field]], field
        getattr(draft, f"take_{field}")(ids[field])
    assert draft.turn.given
    for field in ("pitch", "duration"):
        only = np.flatnonzero(getattr(draft, f"{field}_options")())
        assert len(only) == 1
        getattr(draft, f"take_{field}")(int(only[0]))
    draft.take_velocity(0)


def folded(field: str, value: int) -> int:
    """Give the id of a value, folded into the small vocabulary."""
    return int(WORDS[field].ids(np.array(value)))


@settings(max_examples=15, deadline=None)
@given(seed_pieces, seeds)
def test_company_may_wait_for_every_given_note(material: Piece, seed: int) -> None:
    """However crowded the old parts are, and wherever between the grid's lines they play.

    Nobody is forced to add a note first; only beyond seven silent bars somebody has to count.
    """
    assume(len(material.parts) - sum(one.is_drums for one in material.parts) < MAX_MELODIC_PARTS)
    assume(np.diff(encode(material)[:, BAR], prepend=0).max() < END)
    draft = draft_for(ComposeRequest(seed, Mode.ACCOMPANY, material, parts=(FLUTIST,)))
    while draft.upcoming < len(draft.given):
        pass_by(draft)
    assert not draft.new
    assert settled(draft.brief, draft.new).tolist() == draft.brief.known.tolist()


def test_a_hidden_position_means_the_given_note_s() -> None:
    """Step 1 is told as step 0; whoever chooses that id goes to step 1, where the note is."""
    material = Piece((part((1, 60, 12), program=BASS),), bars=1)
    draft = draft_for(ComposeRequest(1, Mode.ACCOMPANY, material, parts=(FLUTIST,)))
    draft.take_bar(0)
    draft.take_position(0)
    assert draft.turn.position == 1


def test_full_hands_do_not_hide_what_is_given() -> None:
    """Twelve cymbals come to ring at once, more than a new part may; the flute may listen."""
    cymbals = [(3 * one, 40 + one, 48 - 3 * one) for one in range(12)]
    material = Piece((part(*cymbals, program=DRUMS),), bars=1)
    draft = draft_for(ComposeRequest(1, Mode.ACCOMPANY, material, parts=(FLUTIST,)))
    for _ in cymbals:
        pass_by(draft)
    assert not draft.new


def test_far_away_is_told_as_seven_bars() -> None:
    """The next note is 19 bars ahead: the id for seven and more leads there, and no other."""
    material = Piece((part((0, 60, 12)),), bars=19)
    draft = draft_for(ComposeRequest(1, Mode.CONTINUE, material, bars=3))
    assert np.flatnonzero(draft.bar_options()).tolist() == [END - 1]
    draft.take_bar(END - 1)
    assert draft.turn.bar == 19


def test_music_that_goes_on_may_end_by_going_on() -> None:
    """In its last bar: another bar is somebody else's, and what would be there is not written."""
    request = ComposeRequest(1, Mode.CONTINUE, TWO_BARS, bars=1, ending=False)
    draft = draft_for(request)
    write(draft, first)
    draft = draft_for(request)
    for take, chosen in (
        (draft.take_bar, 2),
        (draft.take_position, 0),
        (draft.take_part, 0),
        (draft.take_pitch, 20),
        (draft.take_duration, 0),
        (draft.take_velocity, 0),
    ):
        take(chosen)
    assert np.flatnonzero(draft.bar_options()).tolist() == list(range(END + 1))
    draft.take_bar(1)
    assert draft.turn.over


def test_varied_bars_are_not_leapt_over() -> None:
    """Even if whoever decides would rather have gone on to the next given note at once."""
    draft = draft_for(ComposeRequest(1, Mode.VARY, FOUR_BARS, bar_range=(1, 3)))
    write(draft, last)
    assert draft.new


def test_a_variation_is_over_where_the_known_goes_on() -> None:
    """At the first note after its bars; what comes later needs no step."""
    draft = draft_for(ComposeRequest(1, Mode.VARY, FOUR_BARS, bar_range=(1, 2)))
    write(draft, last)
    assert (draft.upcoming, len(draft.given)) == (1, 2)


# What the rules of music forbid


@pytest.mark.parametrize("seed", range(6))
def test_new_notes_can_be_played(seed: int) -> None:
    """Each in its instrument's range, on a free string, by a free hand."""
    trio = tuple(instruments.INSTRUMENTS[program] for program in (PIANO, BASS, FLUTE))
    draft = draft_for(ComposeRequest(seed, bars=12, parts=trio, meter=Meter()))
    write(draft, at_random(seed))
    piece = decode(settled(draft.brief, draft.new), draft.brief.paper)
    assert encode(piece).tolist() == [list(event) for event in draft.new]
    for one in piece.parts:
        low, high = instruments.INSTRUMENTS[one.program].possible
        assert all(low <= note.pitch <= high for note in one.notes)
        at_once = [
            sum(other.onset <= note.onset < other.end for other in one.notes) for note in one.notes
        ]
        assert max(at_once, default=0) <= (10 if one.program == PIANO else 2)


@pytest.mark.parametrize("seed", range(3))
def test_a_strict_scale_is_kept_to(seed: int) -> None:
    """By all new notes but the drums'."""
    band = (FLUTIST, instruments.INSTRUMENTS[BASS], instruments.DRUMS)
    wish = ComposeRequest(seed, bars=6, parts=band, strict_scale=True).with_key(
        "E minor pentatonic"
    )
    draft = draft_for(wish)
    write(draft, at_random(seed))
    tune = [pitch % 12 for _, _, player, pitch, *_ in draft.new if player < 2]
    assert {4, 7, 9, 11, 2}.issuperset(tune)
    assert len(tune) < len(draft.new)


@pytest.mark.parametrize(("pitch", "may_join"), [(95, True), (96, False)])
def test_nobody_joins_above_the_top(pitch: int, *, may_join: bool) -> None:
    """A flute's highest note that the vocabulary knows ends its chord."""
    draft = draft_for(ComposeRequest(1, bars=1, parts=(FLUTIST,), meter=Meter()))
    draft.take_bar(0)
    draft.take_position(folded("position", 24))
    draft.take_part(0)
    draft.take_pitch(folded("pitch", pitch))
    draft.take_duration(0)
    draft.take_velocity(0)
    draft.take_bar(0)
    assert draft.position_options()[folded("position", 24)] == may_join


def test_a_draft_of_one_bar_has_a_note() -> None:
    """Even if whoever decides would rather have ended at once."""
    draft = draft_for(ComposeRequest(1, bars=1))
    write(draft, last)
    assert draft.new


def test_a_draft_that_grows_too_long_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops at MAX_NEW_NOTES with all that was known and all that was written."""
    monkeypatch.setattr(drafts, "MAX_NEW_NOTES", 5)
    draft = draft_for(ComposeRequest(1, Mode.CONTINUE, ONE_NOTE, bars=8))
    write(draft, first)
    assert len(draft.new) == 5
    assert assert_lawful(draft).note_count == 6


def test_an_end_leaves_nothing_to_decide() -> None:
    """Every later field has one value left."""
    draft = draft_for(ComposeRequest(1, Mode.VARY, DRUMS_ONLY, bar_range=(0, 1)))
    draft.take_bar(END)
    for options in (
        draft.position_options,
        draft.part_options,
        draft.pitch_options,
        draft.duration_options,
    ):
        assert options().sum() == 1
    draft.take_position(0)
    draft.take_part(0)
    draft.take_pitch(0)
    draft.take_duration(0)
    draft.take_velocity(0)
    assert draft.over
    assert not draft.new


def test_a_draft_tells_how_far_it_is() -> None:
    """In bars of its region that lie behind the cursor."""
    draft = draft_for(ComposeRequest(1, Mode.CONTINUE, TWO_BARS, bars=4))
    told = []
    while not draft.over:
        told.append((draft.length, draft.new_bars))
        draft.take_bar(int(np.flatnonzero(draft.bar_options())[-1]))
        draft.take_position(0)
        draft.take_part(0)
        draft.take_pitch(20)
        draft.take_duration(0)
        draft.take_velocity(0)
    assert told == [(1, 0), (2, 3)]
    assert draft.new_bars == 4
