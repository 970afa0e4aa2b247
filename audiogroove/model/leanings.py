"""What the dice are leant to besides the network's scores, as nats by which values are lowered.

A wish may be leant to (a scale), or a habit that a small network loses sight of: where a part lies,
how music ends, where it goes on. Nothing is forbidden by it: what the network is sure of still
comes.
"""

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import theory
from audiogroove.request import Mode
from audiogroove.tokens import rules
from audiogroove.tokens.brief import Brief
from audiogroove.tokens.codec import BAR, PART, PITCH, POSITION
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary

SCALE_BIAS = 3.0  # for a pitch outside the wished scale …
KEY_BIAS = 0.6  # … and outside that of a key which nobody wished but the piece was given
STRAY_BIAS = 0.5  # for each semitone beyond where a part lies …
KIT_BIAS = 3.0  # … and for a key that is not one of the kit's
# To each nat by which the style, or what stands of the piece, is stricter than most:
CLASH_BIAS = 2.0  # for a pitch that clashes with all that sounds …
PARALLEL_BIAS = 1.0  # … and for one that makes a parallel
# In a closing bar, in full at its end and half at its beginning:
HOME_BIAS = 4.0  # for what is not of the tonic chord, where the piece ends …
LINGER_BIAS = 1.4  # … and for each halving of a note's length;
JOIN_BIAS = 0.2  # for each semitone away from where it goes on, where others follow …
NEAR = 4  # … beyond so many
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
    """Tell by how much more pitch ids are lowered in the last new bar, (parts, pitch ids).

    Where the piece ends there, its harmony is the tonic chord, and the part that lies lowest has
    the tonic itself. Where it goes on, a part comes near to where it goes on from.
    """
    pitches = np.asarray(words["pitch"].values)
    nats = np.zeros((len(brief.paper.parts), len(pitches)))
    for part, one in enumerate(brief.paper.parts):
        if one.is_drums:
            continue
        if makes_end(brief):
            nats[part] = HOME_BIAS * rules.outside_scale(pitches, _home_of(brief, part))
        elif (goal := _goal_of(brief, part)) is not None:
            nats[part] = JOIN_BIAS * rules.beyond(pitches, goal - NEAR, goal + NEAR)
    return nats


def lengths_nats(brief: Brief, words: Vocabulary) -> Nats:
    """Tell by how much duration ids are lowered in the last new bar, (duration ids,)."""
    lengths = np.log2(np.asarray(words["duration"].values, dtype=np.float64))
    nats: Nats = LINGER_BIAS * makes_end(brief) * (lengths.max() - lengths)
    return nats


def shunned_nats(brief: Brief) -> Nats:
    """Tell by how much a pitch is lowered for a clash and for a parallel, (2,)."""
    strict = brief.strictness
    return np.array((CLASH_BIAS * strict.clashes, PARALLEL_BIAS * strict.parallels))


def makes_end(brief: Brief) -> bool:
    """Tell whether the end of the piece is for us to make."""
    return brief.frame.ending and brief.mode in CLOSING


def _home_of(brief: Brief, part: int) -> frozenset[int]:
    """Tell the pitch classes that a part may end on."""
    key = brief.paper.key
    if key is None:
        return frozenset(range(12))
    return frozenset({key.tonic}) if part == lowest_part(brief) else theory.tonic_chord(key)


def _goal_of(brief: Brief, part: int) -> int | None:
    """Find the highest pitch with which a part goes on after the new bars; None if it does not."""
    after = brief.known[(brief.known[:, BAR] >= brief.region.past) & (brief.known[:, PART] == part)]
    if part not in brief.region.parts or not len(after):
        return None
    first = after[(after[:, [BAR, POSITION]] == after[0, [BAR, POSITION]]).all(axis=1)]
    return int(first[:, PITCH].max())


def lowest_part(brief: Brief) -> int | None:
    """Find the pitched part that lies lowest, of equals the first; None where that is not known."""
    pitched = [part for part, one in enumerate(brief.paper.parts) if not one.is_drums]
    if len(pitched) == 1:
        return pitched[0]
    lows = {part: lay[0] for part in pitched if brief.lays and (lay := brief.lays[part])}
    return min(lows, key=lambda part: lows[part]) if lows else None
