"""Batches that are overheard: what the network says to each row at each step."""

from collections.abc import Sequence
from typing import NamedTuple

from typing_extensions import override

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.network import Network
from audiogroove.model.row import Row
from audiogroove.model.tables import Floats, Ints, Tables
from audiogroove.request import ComposeRequest
from tests.model import builders
from tests.model.builders import WINDOW


class Hearing(Tables):
    """Tables that remember the hidden states and scores of the last step."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.heard: dict[str, Floats] = {}

    @override
    def queries(self, hidden: Floats) -> dict[str, Floats]:
        self.heard = {"hidden": hidden}
        return super().queries(hidden)

    @override
    def decide(self, field: str, query: Floats, *ids: Ints) -> Floats:
        self.heard[field] = super().decide(field, query, *ids)
        return self.heard[field]

    @override
    def decide_part(
        self, query: Floats, keys: Floats, busy: Floats, bar: Ints, position: Ints
    ) -> Floats:
        self.heard["part"] = super().decide_part(query, keys, busy, bar, position)
        return self.heard["part"]


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
    tables = Hearing(model.network)
    batch = Batch(model.network, model.vocabulary, tables)
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
                said = {name: values[place[0]].copy() for name, values in tables.heard.items()}
                story.heard.append(said)
                if len(story.heard) >= guest.stays:
                    leaving.append(story.row)
        batch.leave(leaving)
        step += 1
    return stories
