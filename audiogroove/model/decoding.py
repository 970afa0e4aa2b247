"""Writing several drafts at once, one event a step: rows join and leave between steps.

Company changes nothing but the time it takes: a row's dice, memory and past are its own
(`audiogroove.model.row`), and what is computed for all rows at once is computed for each by
itself, to the last bit (`audiogroove.model.tables`). What the rules allow is asked of each draft
field by field (`audiogroove.tokens.draft`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary

Number = TypeVar("Number", bound=np.generic)


@dataclass
class _Seat:
    """A row in the batch."""

    row: Row
    recall: Recall
    against: Mask  # (pitches,): those outside its wished scale


class _Company:
    """Those who sit together, and what stays the same until somebody joins or leaves."""

    def __init__(self, seats: Sequence[_Seat]) -> None:
        rows = [seat.row for seat in seats]
        self.seats = tuple(seats)
        self.drafts = [row.draft for row in rows]
        self.wishes = np.array([draft.brief.frame.wishes for draft in self.drafts])  # (B, 4)
        self.part_keys = np.array([seat.recall.part_keys for seat in seats])
        settings = Settings.of([row.sampling for row in rows])
        # who asks for all there is gets all, though rounded sums reach 1 before the last value;
        # this filter is left out where nobody asks for less, and company must change nothing
        least = np.where(settings.top_p < 1, settings.top_p, np.inf)
        self.settings = replace(settings, top_p=least)
        self.against = np.array([seat.against for seat in seats])
        self.nats = np.array([[row.scale_nats] for row in rows])


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
        self._company = _Company((*self._company.seats, _Seat(row, recall, self._foreign(row))))

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
        ids = np.array([draft.cursor_row() + draft.place() for draft in company.drafts])
        looked = np.array([draft.lookback() for draft in company.drafts])
        recalls = [seat.recall for seat in company.seats]
        told = self._tables.embed(
            np.concatenate((ids, looked.reshape(len(ids), -1), company.wishes), axis=1),
            _stacked(draft.remaining() for draft in company.drafts),
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
        busy = _stacked(draft.busy() for draft in drafts)
        scores = tables.decide_part(query["part"], company.part_keys, busy, bar, position)
        pick("part", scores, Draft.part_options, Draft.take_part)
        part = np.array([draft.turn.part for draft in drafts])
        program = np.array([draft.program_ids[draft.turn.part] for draft in drafts])
        own = _stacked(draft.own() for draft in drafts) - 1
        known = (position, part, program)
        told = tables.with_chord(query["pitch"], _stacked(draft.chord() for draft in drafts))
        scores = tables.decide("pitch", told, *known, own[:, 0])
        pitch = pick("pitch", scores, Draft.pitch_options, Draft.take_pitch)
        scores = tables.decide("duration", query["duration"], *known, pitch, own[:, 1])
        length = pick("duration", scores, Draft.duration_options, Draft.take_duration)
        scores = tables.decide("velocity", query["velocity"], *known, pitch, length, own[:, 2])
        pick("velocity", scores, None, Draft.take_velocity)

    def _foreign(self, row: Row) -> Mask:
        """Tell which pitch ids are outside a row's wished scale, shape (pitches,)."""
        if row.scale is None:
            return np.zeros(len(self._pitches), dtype=bool)
        return (self._pitches < DRUMS) & rules.outside_scale(self._pitches, row.scale)


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
        if name == "pitch" and company.against.any():
            # after the rules, so that a ban can give way to them
            logits = lean(logits, company.against, company.nats)
        chosen = draw(company.settings.filtered(name, logits), next(self._dice))
        for draft, one in zip(company.drafts, chosen.tolist(), strict=True):
            take(draft, one)
        return chosen


def _stacked(rows: Iterable[NDArray[Number]]) -> NDArray[Number]:
    """Put rows (V,) of one length below each other, (B, V); for many `np.stack` takes longer."""
    listed = list(rows)
    return np.concatenate(listed).reshape(len(listed), -1)
