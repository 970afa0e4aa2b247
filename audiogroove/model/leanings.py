"""What the dice are leant to besides the network's scores, as nats by which values are lowered.

A wish may be leant to (a scale), or a habit that a small network loses sight of: where a part lies,
and how music ends. Nothing is forbidden by it: what the network is sure of still comes.
"""

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import theory
from audiogroove.request import Mode
from audiogroove.tokens import rules
from audiogroove.tokens.brief import Brief
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary

SCALE_BIAS = 3.0  # for a pitch outside the wished scale …
KEY_BIAS = 0.8  # … and outside that of a key which nobody wished but the piece was given
STRAY_BIAS = 0.6  # for each semitone beyond where a part lies …
KIT_BIAS = 3.0  # … and for a key that is not one of the kit's
HOME_BIAS = 1.5  # in the last bar, for what is not of the tonic chord …
LINGER_BIAS = 0.5  # … and for each halving of a note's length
CLOSING = frozenset({Mode.COMPOSE, Mode.CONTINUE})  # modes in which the end is ours to make

Nats = NDArray[np.float64]


def pitch_nats(
    brief: Brief, words: Vocabulary, scale: frozenset[int] | None, scale_nats: float
) -> Nats:
    """Tell by how much pitch ids are lowered in each part, (parts, pitch ids).

    That is for those outside a scale of pitch classes, and for those where the part does not lie.
    """
    pitches = np.asarray(words["pitch"].values)
    nats = np.zeros((len(brief.paper.parts), len(pitches)))
    for part, lay in enumerate(brief.lays):
        if lay and brief.paper.parts[part].is_drums:
            nats[part] = KIT_BIAS * ~np.isin(pitches - DRUMS, lay)
        elif lay:
            nats[part] = STRAY_BIAS * rules.beyond(pitches, lay[0], lay[-1])
    if scale is not None:
        against = (pitches < DRUMS) & rules.outside_scale(pitches, scale)
        nats += np.where(against, scale_nats, 0.0)
    return nats


def closing_nats(brief: Brief, words: Vocabulary) -> Nats:
    """Tell by how much more pitch ids are lowered in the last bar, (parts, pitch ids).

    Its harmony is the tonic chord, and the part that lies lowest has the tonic itself.
    """
    pitches = np.asarray(words["pitch"].values)
    nats = np.zeros((len(brief.paper.parts), len(pitches)))
    key = brief.paper.key
    if key is None or brief.mode not in CLOSING:
        return nats
    chord, bass = theory.tonic_chord(key), lowest_part(brief)
    for part, one in enumerate(brief.paper.parts):
        if not one.is_drums:
            home = frozenset({key.tonic}) if part == bass else chord
            nats[part] = HOME_BIAS * rules.outside_scale(pitches, home)
    return nats


def lengths_nats(words: Vocabulary) -> Nats:
    """Tell by how much duration ids are lowered in the last bar, (duration ids,)."""
    lengths = np.log2(np.asarray(words["duration"].values, dtype=np.float64))
    nats: Nats = LINGER_BIAS * (lengths.max() - lengths)
    return nats


def lowest_part(brief: Brief) -> int | None:
    """Find the pitched part that lies lowest, of equals the first; None where that is not known."""
    pitched = [part for part, one in enumerate(brief.paper.parts) if not one.is_drums]
    if len(pitched) == 1:
        return pitched[0]
    lows = {part: lay[0] for part in pitched if brief.lays and (lay := brief.lays[part])}
    return min(lows, key=lambda part: lows[part]) if lows else None
