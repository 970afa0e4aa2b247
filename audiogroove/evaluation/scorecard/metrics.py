"""The table of metrics: what is measured of a passage, and how finely.

Most are those of chorale scorecards, carried over to any meter and any parts, drums among them.
Each is a function of a passage, and nan where it is undefined: a kit alone has no melody, one
part nothing to cross.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import nan
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from audiogroove.evaluation.scorecard import ending, harmony, melody, rhythm
from audiogroove.evaluation.scorecard.passage import Passage

Values = NDArray[np.float64]  # (passages, metrics), nan where undefined


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, and the least standard deviation that is taken for its own.

    Where real pieces hardly differ (no bar of a chorale is empty), a difference of no account
    would otherwise be infinitely many deviations.
    """

    measure: Callable[[Passage], float]
    grain: float
    of_ending: bool = False  # only told of passages that end where their piece does


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        "pce": Metric(melody.pitch_class_entropy, 0.1),
        "scale": Metric(melody.scale_share, 0.02),
        "dur_H": Metric(melody.length_entropy, 0.2),
        "leap": Metric(melody.leap_share, 0.03),
        "step": Metric(melody.step_share, 0.03),
        "range": Metric(melody.pitch_range, 2.0),
        "rest": Metric(melody.rest_share, 0.05),
        "phrase": Metric(melody.phrase_quarters, 0.5),
        "legato": Metric(melody.legato, 0.05),
        "groove": Metric(rhythm.groove, 0.03),
        "onbeat": Metric(rhythm.on_beat, 0.03),
        "sync": Metric(rhythm.togetherness, 0.03),
        "dens": Metric(rhythm.density, 0.2),
        "dens_sd": Metric(rhythm.density_spread, 0.2),
        "bar_rep": Metric(rhythm.melody_repeats, 0.05),
        "beat_rep": Metric(rhythm.rhythm_repeats, 0.05),
        "all_rep": Metric(rhythm.bar_repeats, 0.05),
        "empty": Metric(rhythm.empty_bars, 0.03),
        "tacet": Metric(rhythm.part_rests, 0.05),
        "drum_rep": Metric(rhythm.drum_likeness, 0.05),
        "drum_H": Metric(rhythm.drum_entropy, 0.2),
        "dyn": Metric(rhythm.dynamics, 3.0),
        "poly": Metric(harmony.polyphony, 0.2),
        "diss": Metric(harmony.dissonance, 0.02),
        "cross": Metric(harmony.crossing, 0.03),
        "par58": Metric(harmony.parallels, 0.03),
        "bass": Metric(harmony.bass_fit, 0.05),
        "end_len": Metric(ending.final_length, 0.5, of_ending=True),
        "end_key": Metric(ending.final_tonic, 0.1, of_ending=True),
        "end_all": Metric(ending.final_parts, 0.1, of_ending=True),
        "end_gap": Metric(ending.final_silence, 0.5, of_ending=True),
        "end_beat": Metric(ending.final_beat, 0.1, of_ending=True),
    }
)
NAMES = tuple(METRICS)
GRAINS = np.array([metric.grain for metric in METRICS.values()])


def measure(passage: Passage, last: Passage | None) -> Values:
    """Measure one piece, (metrics,): a passage of it, and the one it ends with if there is one.

    A passage without a note has no values.
    """
    # copies, so that what metrics share is forgotten with them: hundreds of kilobytes a passage
    passage, last = replace(passage), replace(last) if last else None
    told = [last if metric.of_ending else passage for metric in METRICS.values()]
    values = [
        metric.measure(of) if of is not None and len(of.onsets) else nan
        for metric, of in zip(METRICS.values(), told, strict=True)
    ]
    return np.array(values, dtype=np.float64)


def measure_all(excerpts: Iterable[tuple[Passage, Passage | None]]) -> Values:
    """Measure pieces, each told as `measure` takes it, (pieces, metrics)."""
    rows = [measure(passage, last) for passage, last in excerpts]
    return np.array(rows, dtype=np.float64).reshape(-1, len(METRICS))
