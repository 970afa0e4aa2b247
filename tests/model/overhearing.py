"""Batches that are overheard: what the network says to each row at each step."""

from collections.abc import Sequence
from typing import NamedTuple

from audiogroove.model.arithmetic import Floats
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.network import FIELDS
from audiogroove.model.row import Row
from audiogroove.request import ComposeRequest
from tests.model import builders
from tests.model.builders import WINDOW


def heard_at(batch: Batch, place: int) -> dict[str, Floats]:
    """Tell the hidden states and scores that a row of a batch had at its last step."""
    shares = enumerate(share.tolist() for share in batch._shares())
    at, seat = next((at, share.index(place)) for at, share in shares if place in share)
    desk, _ = batch._desks[at]
    scores = zip(FIELDS, desk.logits[seat], batch._weights.biases, strict=True)
    heard = {name: row[: len(bias)].copy() for name, row, bias in scores}
    return {"hidden": desk.hidden[seat].copy(), **heard}


class Guest(NamedTuple):
    """A request, the step at which it joins, and how many steps it stays."""

    request: ComposeRequest
    joins: int = 0
    stays: int = 10_000


class Story(NamedTuple):
    """What became of a guest: its row, its first step's event, and what was said at each step."""

    row: Row
    start: int
    heard: list[dict[str, Floats]]


def tell(model: Checkpoint, guests: Sequence[Guest]) -> list[Story]:
    """Write guests together, each from its own step on, and overhear the network."""
    batch = Batch(model.network, model.vocabulary)
    stories = [
        Story(row, max(0, row.draft.length - WINDOW), [])
        for row in builders.rows(model, [guest.request for guest in guests])
    ]
    last = max(guest.joins for guest in guests)
    step = 0
    while batch.rows or step <= last:
        for guest, story in zip(guests, stories, strict=True):
            if guest.joins == step:
                batch.join(story.row)
        order = batch.rows
        leaving = batch.step() if order else []
        for guest, story in zip(guests, stories, strict=True):
            place = [index for index, row in enumerate(order) if row is story.row]
            if place:
                story.heard.append(heard_at(batch, place[0]))
                if len(story.heard) >= guest.stays:
                    leaving.append(story.row)
        batch.leave(leaving)
        step += 1
    return stories
