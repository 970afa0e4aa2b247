"""Writing several drafts at once, one event a step: rows join and leave between steps.

Company changes nothing but the time it takes: a row's dice, memory and past are its own
(`audiogroove.model.row`), and what is computed for all rows at once is computed for each by
itself, to the last bit (`audiogroove.model.tables`). What the rules allow is asked of each draft
field by field (`audiogroove.tokens.draft`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812  (the field's name for it)

from audiogroove.model.network import Network
from audiogroove.model.reading import Reader
from audiogroove.model.row import Recall, Row
from audiogroove.model.sampling import Settings, draw, forbid, lean
from audiogroove.model.tables import Floats, Ints, Tables
from audiogroove.tokens import rules
from audiogroove.tokens.draft import Draft, Mask
from audiogroove.tokens.features import chord_of, remaining_of
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary

Number = TypeVar("Number", bound=np.generic)


@dataclass
class _Seat:
    """A row in the batch."""

    row: Row
    recall: Recall
    nats: NDArray[np.float64]  # (pitches,): by how much those outside its wished scale are lowered


class _Company:
    """Those who sit together, and what stays the same until somebody joins or leaves."""

    def __init__(self, seats: Sequence[_Seat]) -> None:
        rows = [seat.row for seat in seats]
        self.seats = tuple(seats)
        self.drafts = [row.draft for row in rows]
        self.wishes = [draft.brief.frame.wishes.tolist() for draft in self.drafts]
        self.part_keys = np.array([seat.recall.part_keys for seat in seats])
        self.settings = Settings.of([row.sampling for row in rows])
        self.nats = np.array([seat.nats for seat in seats])  # (B, pitches)
        self.leans = bool(self.nats.any())


class Batch:
    """Rows that are written together."""

    def __init__(self, network: Network, words: Vocabulary, tables: Tables | None = None) -> None:
        self._reader = Reader(network, words)
        self._tables = tables or Tables(network)
        self._pitches = np.asarray(words["pitch"].values)
        self._company = _Company(())
        layers, hidden = len(network.layers), network.config.hidden
        self._states = np.zeros((layers, 2, 0, hidden), dtype=np.float32)  # h and c, row by row

    @property
    def rows(self) -> tuple[Row, ...]:
        """Who is in the batch, in order."""
        return tuple(seat.row for seat in self._company.seats)

    def join(self, row: Row, recall: Recall | None = None) -> None:
        """Let a row in, with what it knows if that has been read already."""
        recall = recall or self._reader.read(row.draft)
        self._states = np.concatenate((self._states, recall.state[:, :, None]), axis=2)
        self._company = _Company((*self._company.seats, _Seat(row, recall, self._nats(row))))

    def leave(self, rows: Sequence[Row]) -> None:
        """Let rows out, finished or not."""
        if not rows:
            return
        gone, seats = {id(row) for row in rows}, self._company.seats
        kept = [index for index, seat in enumerate(seats) if id(seat.row) not in gone]
        self._states = self._states.take(kept, axis=2)
        self._company = _Company([seats[index] for index in kept])

    @torch.inference_mode()
    def step(self) -> list[Row]:
        """Write one event in every row; give the rows that are finished by it.

        Raises:
            ValueError: when there is no row.
        """
        seats = self._company.seats
        if not seats:
            raise ValueError("a step of an empty batch")
        self._decide(self._attend(self._advance()))
        for seat in seats:
            if seat.recall.is_stale and not seat.row.draft.over:
                self._reader.renew(seat.recall)
        return [seat.row for seat in seats if seat.row.draft.over]

    def _advance(self) -> Floats:
        """Take the cursors in and give hidden states, (B, hidden)."""
        company = self._company
        ids = [
            [*draft.cursor_row(), *draft.place(), *chain(*draft.lookback()), *wishes]
            for draft, wishes in zip(company.drafts, company.wishes, strict=True)
        ]
        recalls = [seat.recall for seat in company.seats]
        told = self._tables.embed(
            np.array(ids),
            remaining_of(_stacked(draft.rests() for draft in company.drafts)),
            _stacked(recall.states[recall.aligned] for recall in recalls),
        )
        return self._tables.advance(told, self._states)

    def _attend(self, hidden: Floats) -> Floats:
        """Let every row attend to its own past, this step included; hidden states again."""
        recalls = [seat.recall for seat in self._company.seats]
        times = np.array([recall.time for recall in recalls], dtype=np.float32)
        split = self._tables.split(hidden, times)
        queries = torch.from_numpy(split[:, 0, None, :, None])  # (B, 1, H, 1, head_size)
        mixed = []
        for recall, query, step in zip(recalls, queries, split[:, 1:], strict=True):
            recall.past.write(step)
            mixed.append(F.scaled_dot_product_attention(query, *recall.past.reach))
        return self._tables.join(hidden, torch.cat(mixed).flatten(1).numpy())

    def _decide(self, hidden: Floats) -> None:
        """Decide the six fields in their order, each draft told of each decision."""
        tables, company, drafts = self._tables, self._company, self._company.drafts
        query, pick = tables.queries(hidden), _Picker(company)
        bar = pick("bar", tables.decide("bar", query["bar"]), Draft.bar_options, Draft.take_bar)
        scores = tables.decide("position", query["position"], bar)
        position = pick("position", scores, Draft.position_options, Draft.take_position)
        busy = _stacked(draft.busy() for draft in drafts).astype(np.float32)
        scores = tables.decide_part(query["part"], company.part_keys, busy, bar, position)
        pick("part", scores, Draft.part_options, Draft.take_part)
        part = np.array([draft.turn.part for draft in drafts])
        program = np.array([draft.program_ids[draft.turn.part] for draft in drafts])
        own = _stacked(draft.own() for draft in drafts) - 1
        known = (position, part, program)
        chord = chord_of(_stacked(draft.sounding() for draft in drafts))
        told = tables.with_chord(query["pitch"], chord)
        scores = tables.decide("pitch", told, *known, own[:, 0])
        pitch = pick("pitch", scores, Draft.pitch_options, Draft.take_pitch)
        scores = tables.decide("duration", query["duration"], *known, pitch, own[:, 1])
        length = pick("duration", scores, Draft.duration_options, Draft.take_duration)
        scores = tables.decide("velocity", query["velocity"], *known, pitch, length, own[:, 2])
        pick("velocity", scores, None, Draft.take_velocity)

    def _nats(self, row: Row) -> NDArray[np.float64]:
        """Tell by how much pitch ids outside a row's wished scale are lowered, (pitches,)."""
        if row.scale is None:
            return np.zeros(len(self._pitches))
        against = (self._pitches < DRUMS) & rules.outside_scale(self._pitches, row.scale)
        return np.where(against, row.scale_nats, 0.0)


class _Picker:
    """Asks every draft what is allowed, draws, and tells every draft what was drawn."""

    def __init__(self, company: _Company) -> None:
        self._company = company
        dice = _stacked(seat.row.dice.random(6) for seat in company.seats)
        self._dice = iter(dice.T[:, :, None])

    def __call__(
        self,
        name: str,
        scores: Floats,
        options: Callable[[Draft], Mask] | None,
        take: Callable[[Draft, int], None],
    ) -> Ints:
        """Draw one field for all rows, ids (B,): what the rules allow, as far as it is wished."""
        company = self._company
        logits = scores.astype(np.float64)
        if options is not None:
            logits = forbid(logits, _stacked(options(draft) for draft in company.drafts))
        if name == "pitch" and company.leans:
            # after the rules, so that a ban can give way to them
            logits = lean(logits, company.nats)
        chosen = draw(company.settings.odds(name, logits), next(self._dice))
        for draft, one in zip(company.drafts, chosen.tolist(), strict=True):
            take(draft, one)
        return chosen


def _stacked(rows: Iterable[NDArray[Number]]) -> NDArray[Number]:
    """Put rows (V,) of one length below each other, (B, V); for many `np.stack` takes longer.

    A lone row is not copied.
    """
    listed = list(rows)
    return np.concatenate(listed).reshape(len(listed), -1) if len(listed) > 1 else listed[0][None]
