"""What the network is told: the same when it learns and when it composes, and never the future."""

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiogroove.music.piece import Key, Meter, Piece
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
    density_id,
    fold_events,
    key_id,
    keys_of,
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
    band,
    bands,
    draft_of,
    frame,
    part,
    rows,
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


@dataclass(frozen=True)
class Story:
    """A piece, of which some is known and some is to be written again exactly as it was."""

    piece: Piece
    events: Events
    frame: Frame
    region: Region
    is_new: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def start(self) -> int:
        """The first event that a draft decides."""
        return int((self.events[:, BAR] < self.region.first).sum())

    @property
    def stop(self) -> int:
        """One past the last step: the first given note after the region, or the end."""
        return int((self.events[:, BAR] < self.region.past).sum()) + 1

    def draft(self) -> Draft:
        """Begin with what is known."""
        return draft_of(self.piece, self.frame, self.events[~self.is_new], self.region)


def told_at(draft: Draft) -> Features:
    """Give what a draft is told before it decides; for `aligned`, which given note is next."""
    return Features(
        np.array(draft.cursor_row()),
        np.array(draft.place()),
        np.array(draft.lookback()),
        draft.remaining(),
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
    busy, chord = draft.busy(), draft.chord()
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


@st.composite
def stories(draw: st.DrawFn, kind: str) -> Story:
    """Draw a piece and what of it is to be composed: all, its end, its middle, or some parts."""
    programs, meters, seed = draw(bands())
    bars = len(meters)
    first = 0 if kind == "compose" else draw(st.integers(0, bars - 1))
    past = draw(st.integers(first + 1, bars)) if kind in ("vary", "accompany") else bars
    piece, events = band(Random(seed), programs=programs, meters=meters, walls=(past,))
    everybody = frozenset(range(len(programs)))
    new = draw(st.sets(st.sampled_from(sorted(everybody)), min_size=1)) if kind == "accompany" else everybody
    inside = (events[:, BAR] >= first) & (events[:, BAR] < past)
    is_new = inside & np.isin(events[:, PART], list(new))
    if kind == "accompany":  # whoever is added plays nowhere else
        kept = is_new | ~np.isin(events[:, PART], list(new))
        events, is_new = events[kept], is_new[kept]
    assume(len(events) and np.diff(events[:, BAR], prepend=0).max() < END)
    letters = draw(st.sampled_from(("", "found", "AABA", "AA'BA'", "ABAB")))
    form = Form.unknown(bars)
    if letters == "found":
        form = find_form(events, bars)
    elif letters and bars >= len(letters):
        form = plan_form(letters, bars)
    told = frame(piece, form, ending=draw(st.booleans()))
    return Story(piece, events, told, Region(first, past, frozenset(new)), is_new)


@pytest.mark.parametrize("kind", ["compose", "continue", "vary", "accompany"])
def test_composing_is_told_what_training_was(kind: str) -> None:
    """Note by note, from the first or from the middle, with a form and given notes or without."""

    @settings(max_examples=50, deadline=None)
    @given(stories(kind))
    def told_the_same(story: Story) -> None:
        assert_told_the_same(story)

    told_the_same()
