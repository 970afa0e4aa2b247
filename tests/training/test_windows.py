"""Pieces become windows and batches: nothing leaks, what is given is pointed to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from audiogroove.model.network import FIELDS, Network
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, VELOCITY, Events
from audiogroove.tokens.features import Frame, fold_events, keys_of, window_features
from audiogroove.tokens.form import Form, find_form
from audiogroove.tokens.memory import MEMORY
from audiogroove.tokens.vocabulary import DRUMS, END
from audiogroove.training import windows
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import number_styles
from audiogroove.training.windows import (
    AT_THE_END,
    Batch,
    Sampler,
    Window,
    activities_of,
    collate,
    frame_of,
    without_wishes,
)
from tests.training import tunes

STEPS = 40
NOTHING = np.zeros(0, np.int64)


@pytest.fixture
def sampler(data: Dataset) -> Sampler:
    """Draw windows shorter than the tunes."""
    return Sampler(data, number_styles(data), steps=STEPS, temper=0.5)


def frame_for(data: Dataset, piece: int) -> Frame:
    """Describe a piece with all its wishes."""
    events, info = data.events(piece), data.pieces[piece]
    form = find_form(events, info.bars)
    return frame_of(info, form, len(events), number_styles(data), data.vocabulary)


def drawn(sampler: Sampler, count: int = 150) -> Iterator[Window]:
    """Draw windows, each from dice of its own."""
    return (sampler.draw(np.random.default_rng(seed)) for seed in range(count))


def answer(network: Network, data: Dataset, window: Window) -> dict[str, Tensor]:
    """Score every field at every step of a window: field to (steps, ids)."""
    batch = collate([window], data.vocabulary, steps=window.stop - window.start)
    with torch.inference_mode():
        hidden, _ = network(batch.inputs, network.encode(batch.memory))
        return {name: scores[0] for name, scores in network.logits(hidden, batch.chosen).items()}


def another_end(window: Window, step: int, field: int, dice: np.random.Generator) -> Events:
    """Let a piece go on otherwise: from one field of one event on, everything is made up."""
    kept, parts = window.events[:step], len(window.frame.programs)
    highest = (window.frame.bars, 48, parts, 128, 40, 128)
    new = dice.integers((0, 0, 0, 0, 1, 1), highest, size=(dice.integers(1, 30), 6))
    new[0, :field] = window.events[step, :field]
    new[0, BAR] = max(new[0, BAR], kept[-1, BAR])
    order = np.argsort(keys_of(new[1:].astype(np.int32)))
    new[1:] = new[1:][order]
    tail = new[np.r_[True, keys_of(new[1:].astype(np.int32)) > keys_of(new[:1].astype(np.int32))]]
    return np.concatenate((kept, tail)).astype(np.int32)


@pytest.mark.parametrize("field", range(len(FIELDS)), ids=FIELDS)
def test_no_decision_knows_what_comes_after(data: Dataset, network: Network, field: int) -> None:
    """A piece that goes on otherwise from one decision on is heard alike up to that decision.

    That holds within an event too: each field knows those decided before it and no other.
    """
    dice, checked = np.random.default_rng(field), 0
    for piece in range(0, len(data.pieces), 2):
        events, frame = data.events(piece), frame_for(data, piece)
        step = int(dice.integers(2, len(events) - 2))
        window = Window(events, frame, 0, step + 1, NOTHING)
        other = replace(window, events=another_end(window, step, field, dice))
        if keys_of(other.events)[step] <= keys_of(events)[step - 1]:
            continue  # not in score order: no piece
        one, two = answer(network, data, window), answer(network, data, other)
        for place, name in enumerate(FIELDS):
            known = step + 1 if place <= field else step
            torch.testing.assert_close(one[name][:known], two[name][:known])
        checked += 1
    assert checked > 6


def test_what_is_not_given_stays_hidden(data: Dataset, network: Network, sampler: Sampler) -> None:
    """In every task, playing later notes that are not given otherwise changes nothing before."""
    dice, checked = np.random.default_rng(1), Counter[str]()
    for window in drawn(sampler, 60):
        hidden = np.setdiff1d(np.arange(window.start + 1, len(window.events)), window.given)
        inside = hidden[hidden < window.stop]
        if not len(inside):
            continue
        step = int(dice.choice(inside))
        events = window.events.copy()
        later = hidden[hidden >= step]
        events[later, DURATION] = events[later, DURATION] % 7 + 1
        events[later, VELOCITY] = (events[later, VELOCITY] + 40) % 127 + 1
        one, two = (answer(network, data, w) for w in (window, replace(window, events=events)))
        known = step - window.start
        for name in FIELDS:
            extra = name not in {"duration", "velocity"}
            torch.testing.assert_close(one[name][: known + extra], two[name][: known + extra])
        checked["with given" if len(window.given) else "free"] += 1
    assert min(checked["with given"], checked["free"]) > 10


def test_the_next_given_note_is_pointed_to(data: Dataset, sampler: Sampler) -> None:
    """Each step's `aligned` is the memory's entry of the first given note not before it."""
    for window in drawn(sampler):
        batch = collate([window], data.vocabulary, steps=STEPS)
        ids = fold_events(window.events, window.frame.programs, data.vocabulary)
        for step in range(window.start, window.stop):
            aligned = int(batch.inputs.aligned[0, step - window.start])
            ahead = window.given[window.given >= step]
            assert (aligned > 0) == (len(ahead) > 0)
            if aligned:
                entry = batch.memory.events[0, aligned, :6].tolist()
                assert ids.stack(ahead[:1])[0].tolist() == entry


def test_the_memory_lists_wishes_parts_and_given_notes(data: Dataset, sampler: Sampler) -> None:
    """In this order, and every given note is there."""
    for window in drawn(sampler, 50):
        (memory,) = collate([window], data.vocabulary, steps=STEPS).memory.events
        parts = len(window.frame.programs)
        assert not memory[0].any()
        assert list(range(1, parts + 1)) == memory[1 : parts + 1, 1].tolist()
        assert 1 + parts + len(window.given) == len(memory) <= MEMORY


def test_each_task_gives_what_it_says(sampler: Sampler) -> None:
    """Free: only what came before. Infill: all from the end of the gap on. Accompany: parts."""
    seen = Counter[str]()
    for window in drawn(sampler, 400):
        ahead = window.given[window.given >= window.start]
        inside = np.arange(window.start, min(window.stop, len(window.events)))
        parts = set(window.events[ahead, PART].tolist())
        if not len(ahead):
            seen["free"] += 1
        elif ahead[0] == window.stop - 1 and np.array_equal(
            np.arange(ahead[0], ahead[-1] + 1), ahead
        ):
            seen["infill"] += 1
            assert window.events[ahead[0], BAR] > window.events[ahead[0] - 1, BAR]
        else:
            seen["accompany"] += 1
            hidden = set(window.events[np.setdiff1d(inside, ahead), PART].tolist())
            assert not parts & hidden
    assert min(seen[task] for task in windows.TASKS) > 60


def test_a_long_list_of_given_notes_ends_the_window(tmp_path: Path) -> None:
    """Where the memory is full, the window ends with the last note that it holds."""
    sources = tunes.write_folder(tmp_path, [("rock/1.mid", tunes.tune(1, bars=80, drums=True))])
    data = tunes.prepare(sources, tmp_path)
    long = Sampler(data, number_styles(data), steps=400, temper=0.5)
    cut = 0
    for window in drawn(long, 60):
        entries = 1 + len(window.frame.programs) + len(window.given)
        assert entries <= MEMORY
        if entries == MEMORY:
            cut += 1
            assert window.stop <= window.given[-1] + 1
    assert cut > 5


def test_a_window_in_the_midst_knows_what_the_whole_piece_knows(data: Dataset) -> None:
    """The inputs of a step are the same wherever its window begins."""
    for piece in range(0, len(data.pieces), 5):
        events, frame = data.events(piece), frame_for(data, piece)
        ids = fold_events(events, frame.programs, data.vocabulary)
        spans = (0, len(events) + 1), (17, 40)
        (all_in, all_chain), (some_in, some_chain) = (
            window_features(events, ids, frame, *span, NOTHING) for span in spans
        )
        for whole, part in ((all_in, some_in), (all_chain, some_chain)):
            for name, values in vars(part).items():
                np.testing.assert_array_equal(vars(whole)[name][17:40], values, err_msg=name)


def test_transposing_leaves_the_drums(data: Dataset) -> None:
    """All other pitches and the key move alike; all else stays."""
    piece = next(index for index, one in enumerate(data.pieces) if DRUMS in one.programs)
    events, frame = data.events(piece), frame_for(data, piece)
    moved, moved_frame = windows._transpose(events, frame, 3)
    drums = frame.programs[events[:, PART]] == DRUMS
    assert {0, 3} == set((moved[:, PITCH] - events[:, PITCH]).tolist())
    assert np.array_equal(drums, moved[:, PITCH] == events[:, PITCH])
    assert np.array_equal(np.delete(events, PITCH, axis=1), np.delete(moved, PITCH, axis=1))
    assert ((frame.key - 1) % 12 + 3) % 12 == (moved_frame.key - 1) % 12
    assert (frame.key - 1) // 12 == (moved_frame.key - 1) // 12


def test_a_piece_at_the_edge_stays_where_it_is(data: Dataset) -> None:
    """No pitch leaves MIDI's range, and no note is lost."""
    events, frame = data.events(0).copy(), frame_for(data, 0)
    events[0, PITCH] = 126
    moved, moved_frame = windows._transpose(events, frame, 2)
    assert np.array_equal(events, moved)
    assert frame.key == moved_frame.key


def test_without_wishes_bars_meters_and_parts_remain(data: Dataset) -> None:
    """Those are settled before the first note."""
    frame = frame_for(data, 0)
    assert (frame.wishes > 0).all()
    bare = without_wishes(frame)
    assert bare.wishes.tolist() == [0, 0, 0, 0]
    assert not bare.ending
    assert not bare.form.levels.any()
    assert (bare.form.sources < 0).all()
    for name in ("bar_lines", "meters", "programs"):
        assert np.array_equal(getattr(frame, name), getattr(bare, name))


def test_wishes_are_dropped_as_often_as_planned(data: Dataset) -> None:
    """Each by itself, now and then all at once."""
    frame = replace(frame_for(data, 0), form=Form(np.full(8, 0), np.full(8, 2)))
    rounds = 2000
    dropped = Counter[str]()
    for seed in range(rounds):
        bare = windows._drop_wishes(frame, np.random.default_rng(seed))
        kept = {"ending": bare.ending, "form": bool(bare.form.levels.any())}
        kept |= dict(zip(("style", "key", "tempo", "density"), bare.wishes > 0, strict=True))
        dropped.update(name for name, is_kept in kept.items() if not is_kept)
    for name, chance in windows.DROPS.items():
        expected = windows.DROP_ALL + (1 - windows.DROP_ALL) * chance
        assert abs(dropped[name] / rounds - expected) < 0.04, name


def test_a_piece_ends_with_its_end(data: Dataset) -> None:
    """The last step decides no note; padding after it counts for nothing."""
    events = data.events(0)
    window = Window(events, frame_for(data, 0), 20, len(events) + 1, NOTHING)
    batch = collate([window], data.vocabulary, steps=STEPS)
    last = len(events) - 20
    assert batch.chosen.bar[0, last] == END
    assert [float(of[0, last]) for of in (batch.weight, batch.sounding)] == [1, 0]
    assert END not in batch.chosen.bar[0, :last]
    assert [last + 1, last] == [float(of.sum()) for of in (batch.weight, batch.sounding)]


def test_company_changes_no_row(data: Dataset, sampler: Sampler, network: Network) -> None:
    """A window is heard in a batch as it is alone, whatever the others' lengths."""
    some = list(drawn(sampler, 6))
    batch = collate(some, data.vocabulary, steps=STEPS)
    with torch.inference_mode():
        hidden, _ = network(batch.inputs, network.encode(batch.memory))
        scores = network.logits(hidden, batch.chosen)
    for row, window in enumerate(some):
        for name, alone in answer(network, data, window).items():
            together = scores[name][row, : len(alone)]
            torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def tensors(batch: Batch) -> list[Tensor]:
    """List all tensors of a batch."""
    inputs, memory, chosen, *rest = batch
    return [*inputs, *memory, *chosen, *rest]


def test_a_batch_follows_from_its_dice(data: Dataset, sampler: Sampler) -> None:
    """Another sampler draws the same from the same dice, whatever was drawn before."""
    sampler.batch(3, np.random.default_rng(0))
    fresh = Sampler(data, number_styles(data), steps=STEPS, temper=0.5)
    one, two = (of.batch(4, np.random.default_rng(9)) for of in (sampler, fresh))
    assert all(torch.equal(a, b) for a, b in zip(tensors(one), tensors(two), strict=True))


def test_only_training_pieces_are_drawn(data: Dataset, sampler: Sampler) -> None:
    """What is held out is never seen, in whatever key."""
    held_out = [data.events(piece) for name in ("valid", "test") for piece in data.split(name)]
    rhythms = {
        (events[:, DURATION].tobytes(), events[:, VELOCITY].tobytes()) for events in held_out
    }
    for window in drawn(sampler):
        own = window.events[:, DURATION].tobytes(), window.events[:, VELOCITY].tobytes()
        assert own not in rhythms


def test_temper_gives_rare_styles_a_say(tmp_path: Path) -> None:
    """At 0 styles are drawn alike; at 1 each note is."""
    named = [(f"rock/{n}.mid", tunes.tune(n, bars=16)) for n in range(6)]
    named.append(("ragtime/1.mid", tunes.tune(50, bars=16)))
    data = tunes.prepare(tunes.write_folder(tmp_path, named), tmp_path)
    train = len([piece for piece in data.split("train") if data.pieces[piece].style == "rock"])
    numbers = number_styles(data)
    for temper, share in ((0.0, 0.5), (1.0, 1 / (1 + train))):
        sampler = Sampler(data, numbers, steps=STEPS, temper=temper)
        steps = np.diff(np.append(0, sampler._ladder))
        rare = [data.pieces[piece].style == "ragtime" for piece in sampler._pieces]
        assert np.isclose(share, steps[rare].sum())


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 5), (0, 50)])
def test_a_window_lies_within_its_piece(data: Dataset, start: int, stop: int) -> None:
    """It has a step, and at most one after the last note."""
    with pytest.raises(ValueError, match="not a window"):
        Window(data.events(0)[:48], frame_for(data, 0), start, stop, NOTHING)


def test_endings_are_seen_more_often_than_by_chance(tmp_path: Path) -> None:
    """A quarter of the windows of a long piece hold its end, besides those that come to it so."""
    named = [(f"rock/{number}.mid", tunes.tune(number, bars=60)) for number in range(6)]
    data = tunes.prepare(tunes.write_folder(tmp_path / "music", named), tmp_path)
    sampler = Sampler(data, number_styles(data), steps=40, temper=0.5)
    whole = [window for window in drawn(sampler, 400) if not len(window.given)]
    ends = sum(window.stop > len(window.events) for window in whole)
    by_chance = STEPS / (60 * tunes.NOTES_A_BAR)
    assert 2 * by_chance < ends / len(whole) < AT_THE_END + 2 * by_chance


def test_how_busy_a_part_is_is_told_of_the_window(sampler: Sampler) -> None:
    """Notes a bar of each part in it; 0 where it is not told."""
    told = 0
    for window in drawn(sampler):
        busy = activities_of(window)
        assert len(busy) == len(window.frame.programs)
        for said, real in zip(window.frame.activities.tolist(), busy.tolist(), strict=False):
            assert said in {0, real}
            told += said > 0
    assert told


def test_a_busier_part_is_told_as_busier(data: Dataset) -> None:
    """A melody of four notes a bar beside a bass of two."""
    piece = next(i for i, one in enumerate(data.pieces) if len(one.programs) == 2)
    events, frame = data.events(piece), frame_for(data, piece)
    whole_piece = Window(events, frame, 0, len(events) + 1, np.zeros(0, np.int64))
    melody, bass = activities_of(whole_piece).tolist()
    assert melody - bass == 2  # half octaves: twice as many notes
