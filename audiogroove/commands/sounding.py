"""Whether sounds are what they should be: `audiogroove benchmark sound`."""

import argparse

import numpy as np

from audiogroove.commands.rendering import composed
from audiogroove.music.piece import Piece
from audiogroove.music.timing import Timing
from audiogroove.render.sound.loudness import Samples, loudness
from audiogroove.render.sound.synthesiser import RATE_HZ, Synthesiser

ATTACK_S = 0.15  # within which a stroke must be heard
UNHEARD_DB = -60.0  # below the highest sample
WINDOW_S, HOP_S = 3, 1  # of short-term loudness, EBU Tech 3341
QUIETEST, LOUDEST = 10, 95  # percentiles of it, between which lies the range, EBU Tech 3342
RANGE_GATE_LU = -20.0  # below the loudness of all: what is softer does not count


def sound(options: argparse.Namespace) -> list[dict[str, object]]:
    """Measure the sounds of ten 16-bar pieces in as many styles, before they are encoded.

    `music s` lasts until the last note ends, `sound s` until it has died away; `unheard` counts
    strokes after which there is silence.
    """
    player = Synthesiser.open()
    rows: list[dict[str, object]] = []
    for piece in composed(options):
        samples = player.play(piece).samples
        end = max((note.end for part in piece.parts for note in part.notes), default=0)
        peak = float(np.abs(samples).max(initial=1e-9))
        rows.append(
            {
                "style": piece.title,
                "notes": piece.note_count,
                "music s": round(Timing(piece).seconds_at(end), 2),
                "sound s": round(len(samples) / RATE_HZ, 2),
                "peak dBFS": round(20 * float(np.log10(peak)), 2),
                "LUFS": round(loudness(samples, RATE_HZ), 1),
                "range LU": round(loudness_range(samples), 1),
                "unheard": unheard(piece, samples, peak),
            }
        )
    return rows


def loudness_range(samples: Samples) -> float:
    """Tell by how many LU the loud stretches of a recording are louder than the soft ones."""
    starts = range(0, max(1, len(samples) - WINDOW_S * RATE_HZ), HOP_S * RATE_HZ)
    short = np.array([loudness(samples[at : at + WINDOW_S * RATE_HZ], RATE_HZ) for at in starts])
    short = short[short > loudness(samples, RATE_HZ) + RANGE_GATE_LU]
    soft, loud = np.percentile(short, [QUIETEST, LOUDEST]) if len(short) else (0.0, 0.0)
    return float(loud - soft)


def unheard(piece: Piece, samples: Samples, peak: float) -> int:
    """Count the strokes after which a recording is silent."""
    timing, least = Timing(piece), peak * 10 ** (UNHEARD_DB / 20)
    onsets = {note.onset for part in piece.parts for note in part.notes}
    starts = [round(timing.seconds_at(onset) * RATE_HZ) for onset in sorted(onsets)]
    attack = round(ATTACK_S * RATE_HZ)
    return sum(float(np.abs(samples[at : at + attack]).max(initial=0)) < least for at in starts)
