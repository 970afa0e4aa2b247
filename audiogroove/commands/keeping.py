"""Whether what is kept of real files really is: continue, vary and accompany them, and compare."""

import argparse
from collections import Counter
from dataclasses import replace

import numpy as np
import torch

from audiogroove.errors import RequestRefused, SeedRejected
from audiogroove.model import checkpoint
from audiogroove.music import midi, wall
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.service.composing import compose
from audiogroove.training import sources

NEW_BARS = 4
MAX_BARS = 64  # of a longer file, its beginning
NEWCOMERS = ("drums", "flute")  # the second where a file has drums already

Struck = Counter[tuple[int, int, int, int, int, bool]]


def keep(options: argparse.Namespace) -> list[dict[str, object]]:
    """Work on so many files of a folder in three modes; count kept notes that came back changed.

    Raises:
        RequestRefused: when no folder was named.
    """
    if options.folder is None:
        raise RequestRefused("folder", asked="", possible="--folder with MIDI files in it")
    found = sources.find(options.folder)
    dice = np.random.default_rng(options.seed)
    chosen = [found[index] for index in dice.permutation(len(found))[: options.count]]
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    torch.set_num_threads(1)
    rows: dict[Mode, Counter[str]] = {mode: Counter() for mode in list(Mode)[1:]}
    for source in chosen:
        for mode, row in rows.items():
            try:
                material = beginning(wall.read(source.path.read_bytes()))
                request = request_for(mode, material, options.seed)
                composed = compose(model, request)
            except (SeedRejected, RequestRefused):
                row["refused"] += 1
                continue
            kept = struck(standing(request, material))
            again = struck(midi.parse(midi.write(composed.piece)))
            row["files"] += 1
            row["kept notes"] += kept.total()
            row["lost or changed"] += (kept - again).total()
            row["new notes"] += composed.new_notes
    names = ("files", "refused", "kept notes", "lost or changed", "new notes")
    return [
        {"mode": str(mode), **{name: row[name] for name in names}} for mode, row in rows.items()
    ]


def beginning(piece: Piece) -> Piece:
    """Cut a piece to its first `MAX_BARS` bars; what rings on past them ends with them."""
    if piece.bars <= MAX_BARS:
        return piece
    end = piece.bar_lines[MAX_BARS]
    parts = [
        replace(
            part,
            notes=tuple(
                replace(note, duration=min(note.duration, end - note.onset))
                for note in part.notes
                if note.onset < end
            ),
        )
        for part in piece.parts
    ]
    return replace(
        piece,
        parts=tuple(parts),
        bars=MAX_BARS,
        meters=tuple(change for change in piece.meters if change[0] < MAX_BARS),
        tempos=tuple(change for change in piece.tempos if change[0] < end),
    )


def request_for(mode: Mode, material: Piece, seed: int) -> ComposeRequest:
    """Ask for four new bars, for two bars in the middle anew, or for one more part."""
    if mode is Mode.CONTINUE:
        return ComposeRequest(seed, mode, material, bars=NEW_BARS)
    if mode is Mode.VARY:
        middle = material.bars // 2
        return ComposeRequest(
            seed, mode, material, bar_range=(middle, min(middle + 2, material.bars))
        )
    has_drums = any(part.is_drums for part in material.parts)
    return ComposeRequest(seed, mode, material, parts=(parse_part(NEWCOMERS[has_drums]),))


def standing(request: ComposeRequest, material: Piece) -> Piece:
    """Give what must come back: all of the material, but for the bars that are varied."""
    if request.bar_range is None:
        return material
    first, past = (material.bar_lines[bar] for bar in request.bar_range)
    return material.with_parts(
        replace(part, notes=tuple(n for n in part.notes if not first <= n.onset < past))
        for part in material.parts
    )


def struck(piece: Piece) -> Struck:
    """Count a piece's notes by everything that is heard of them."""
    return Counter(
        (note.onset, note.pitch, note.duration, note.velocity, part.program, part.is_drums)
        for part in piece.parts
        for note in part.notes
    )
