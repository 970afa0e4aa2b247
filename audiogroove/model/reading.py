"""Reading what a draft knows before its first new note is written, one row at a time.

The encoder reads the memory, and the decoder the last of what stands already. Nothing of a batch
is needed for it, so it may be done in another thread than the one that writes.
"""

import numpy as np
import torch
from torch import Tensor

from audiogroove.model.arithmetic import Floats, Ints
from audiogroove.model.network import Inputs, Memory, MemoryInputs, Network, State, eighth
from audiogroove.model.row import Recall
from audiogroove.model.seat import (
    BASE,
    ENTRIES,
    FIRST_BAR,
    NEXT,
    PAST_ENTRIES,
    RING,
    ROOM,
    THROWN,
)
from audiogroove.tokens.codec import BAR
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.features import Features, fold_events, window_features
from audiogroove.tokens.memory import MEMORY, PAST_NOTES, memory_of, times_of
from audiogroove.tokens.vocabulary import MAX_PARTS, Vocabulary


class Reader:
    """Makes a draft's `Recall`, and renews it."""

    def __init__(self, network: Network, words: Vocabulary) -> None:
        self._network = network
        self._words = words

    @torch.inference_mode()
    def read(self, draft: Draft) -> Recall:
        """Read what a draft knows, and warm the decoder with the last of it."""
        network, config = self._network, self._network.config
        start = max(0, draft.length - config.window)
        players = np.zeros((2, MAX_PARTS), dtype=np.int64)
        players[0, : len(draft.program_ids)] = draft.program_ids + 1
        players[1] = draft.brief.frame.all_activities
        part_keys = network.heads.part_keys(*torch.from_numpy(players).unsqueeze(1))
        reach = MEMORY + config.window
        recall = Recall(
            draft,
            players,
            np.zeros(THROWN + 1, dtype=np.int64),
            np.zeros((len(network.layers), 2, config.hidden), dtype=np.float32),
            np.zeros((config.heads, config.head_size, reach), dtype=np.int8),
            np.zeros((config.heads, reach, config.head_size), dtype=np.int8),
            np.zeros((2, config.heads, reach), dtype=np.float32),
            np.zeros((MEMORY, 2 * config.encoder), dtype=np.float32),
            part_keys[0].T.contiguous().numpy(),
        )
        recall.counts[FIRST_BAR] = draft.sheet.events[start - 1, BAR] if start else 0
        memory = self.renew(recall)
        if draft.length:
            _, state = network(self._known_inputs(recall, start), memory)
            self._warm(recall, state)
        return recall

    @torch.inference_mode()
    def renew(self, recall: Recall) -> Memory:
        """Read the memory anew from where the draft is: some past, and the next given notes.

        What the row has written itself stays as it is.
        """
        draft, counts = recall.draft, recall.counts
        start = max(0, draft.length - self._network.config.window)
        past = min(PAST_NOTES, start)
        counts[BASE] = draft.upcoming
        counts[PAST_ENTRIES] = 1 + len(draft.program_ids) + past
        counts[ROOM] = min(MEMORY - counts[PAST_ENTRIES], len(draft.given) - draft.upcoming)
        room = slice(draft.upcoming, draft.upcoming + counts[ROOM])
        events = np.concatenate((draft.standing[start - past : start], draft.given[room]))
        ids = fold_events(events, draft.brief.frame.programs, self._words)
        given = np.arange(len(events))
        entries, times = memory_of(events, ids, given, recall.players, int(counts[FIRST_BAR]))
        known = MemoryInputs(
            torch.from_numpy(entries)[None],
            torch.from_numpy(draft.brief.frame.wishes)[None],
            torch.from_numpy(times)[None],
            torch.tensor([len(entries)]),
        )
        memory = self._network.encode(known)
        counts[ENTRIES] = len(entries)
        recall.states[: len(entries)] = memory.states[0].numpy()
        _keep(recall, memory.keys[0], memory.values[0], 0)
        return memory

    def _warm(self, recall: Recall, state: State) -> None:
        """Begin with what the decoder makes of the steps that wrote what stands."""
        steps = state.keys.shape[2]
        recall.state[:] = torch.stack([torch.cat(layer) for layer in state.lstm]).numpy()
        _keep(recall, state.keys[0], state.values[0], MEMORY)
        recall.counts[RING] = steps
        recall.counts[NEXT] = steps % self._network.config.window

    def _known_inputs(self, recall: Recall, start: int) -> Inputs:
        """Describe the steps that wrote the last of what stands already."""
        draft, frame = recall.draft, recall.draft.brief.frame
        past = int(recall.counts[PAST_ENTRIES]) - 1 - len(draft.program_ids)
        standing = draft.standing
        events = np.concatenate((standing, draft.given[: recall.counts[ROOM]]))
        before, after = np.arange(start - past, start), np.arange(len(standing), len(events))
        ids = fold_events(events, frame.programs, self._words)
        given = np.concatenate((before, after))
        features, _ = window_features(events, ids, frame, start, len(standing), given)
        first_bar = int(recall.counts[FIRST_BAR])
        times = times_of(events, np.arange(start, len(standing)) - 1, first_bar)
        return _as_inputs(features, frame.wishes, times)


def _keep(recall: Recall, keys: Tensor, values: Tensor, first: int) -> None:
    """Keep keys and values (heads, entries, head_size) from a place on, in eight bits."""
    there = slice(first, first + keys.shape[1])
    numbers, scales = eighth(keys)
    recall.keys[:, :, there], recall.scales[0, :, there] = (
        numbers.mT.numpy(),
        scales[..., 0].numpy(),
    )
    numbers, scales = eighth(values)
    recall.values[:, there], recall.scales[1, :, there] = numbers.numpy(), scales[..., 0].numpy()


def _as_inputs(features: Features, wishes: Ints, times: Floats) -> Inputs:
    told = [getattr(features, name) for name in Inputs._fields[:5]]
    return Inputs._make(torch.from_numpy(array)[None] for array in (*told, wishes, times))
