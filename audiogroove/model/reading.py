"""Reading what a draft knows before its first new note is written, one row at a time.

The encoder reads the memory, and the decoder the last of what stands already. Nothing of a batch
is needed for it, so it may be done in another thread than the one that writes.
"""

import numpy as np
import torch

from audiogroove.model.network import Inputs, Memory, MemoryInputs, Network
from audiogroove.model.row import Past, Recall
from audiogroove.model.tables import Floats, Ints
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
        programs = np.zeros(MAX_PARTS, dtype=np.int64)
        programs[: len(draft.program_ids)] = draft.program_ids + 1
        part_keys = network.heads.part_keys(torch.from_numpy(programs)[None])
        recall = Recall(
            draft,
            programs,
            part_keys[0].numpy(),
            np.zeros((len(network.layers), 2, config.hidden), dtype=np.float32),
            Past(config.heads, config.window, config.head_size),
            draft.events[start - 1][BAR] if start else 0,
            np.zeros((0, 2 * config.encoder), dtype=np.float32),
        )
        memory = self.renew(recall)
        if draft.length:
            _, state = network(self._known_inputs(recall, start), memory)
            recall.state = torch.stack([torch.cat(layer) for layer in state.lstm]).numpy()
            recall.past.write_all(state.keys, state.values)
        return recall

    @torch.inference_mode()
    def renew(self, recall: Recall) -> Memory:
        """Read the memory anew from where the draft is: some past, and the next given notes."""
        draft = recall.draft
        start = max(0, draft.length - self._network.config.window)
        past = min(PAST_NOTES, start)
        recall.base = draft.upcoming
        recall.past_entries = 1 + len(draft.program_ids) + past
        recall.room = min(MEMORY - recall.past_entries, len(draft.given) - recall.base)
        events = np.array(draft.events[start - past : start], dtype=np.int32).reshape(-1, 6)
        events = np.concatenate((events, draft.given[recall.base : recall.base + recall.room]))
        ids = fold_events(events, draft.brief.frame.programs, self._words)
        given = np.arange(len(events))
        entries, times = memory_of(events, ids, given, recall.programs, recall.first_bar)
        known = MemoryInputs(
            torch.from_numpy(entries)[None],
            torch.from_numpy(draft.brief.frame.wishes)[None],
            torch.from_numpy(times)[None],
            torch.tensor([len(entries)]),
        )
        memory = self._network.encode(known)
        recall.states = memory.states[0].numpy()
        recall.past.remember(memory)
        return memory

    def _known_inputs(self, recall: Recall, start: int) -> Inputs:
        """Describe the steps that wrote the last of what stands already."""
        draft, frame = recall.draft, recall.draft.brief.frame
        past = recall.past_entries - 1 - len(draft.program_ids)
        standing = np.array(draft.events, dtype=np.int32)
        events = np.concatenate((standing, draft.given[: recall.room]))
        before, after = np.arange(start - past, start), np.arange(len(standing), len(events))
        ids = fold_events(events, frame.programs, self._words)
        given = np.concatenate((before, after))
        features, _ = window_features(events, ids, frame, start, len(standing), given)
        times = times_of(events, np.arange(start, len(standing)) - 1, recall.first_bar)
        return _as_inputs(features, frame.wishes, times)


def _as_inputs(features: Features, wishes: Ints, times: Floats) -> Inputs:
    told = [getattr(features, name) for name in Inputs._fields[:5]]
    return Inputs._make(torch.from_numpy(array)[None] for array in (*told, wishes, times))
