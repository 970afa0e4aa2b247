"""From scores to a choice: small named steps, then one throw of a row's own dice.

Scores are logits (V,), with -inf where a value may not come. Tempered, they become odds: the
likeliest value has 1, and what may not come has 0. A filter names the least odds that stay; so the
likeliest value that came in always goes out. All of it is compiled, and is done to one row.
"""

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import compiled
from audiogroove.request import Sampling

Logits = NDArray[np.float64]  # (V,)
Odds = NDArray[np.float64]  # (V,)
Settings = NDArray[np.float64]  # (SETTINGS,), see `settings_of`
Mask = NDArray[np.bool_]  # (V,)

NEVER = -np.inf
MOST_REST = 1 - 2**-53  # top-p drops no more of the probability, however small p is
# What the temperatures are multiplied with in a bar of which the form says nothing, that it is new,
# like an earlier one, or the same (see tokens.form): what comes again is no place for surprises …
FAITH = (1.0, 1.0, 0.8, 0.5)
STEADINESS = 0.85  # … in a kit's keys, lengths and dynamics: a drummer keeps to a pattern …
# … and in each field: of many lengths that are as likely, an earlier choice leaves too few in use.
EASE_OF_FIELDS = (1.0, 1.0, 1.0, 1.0, 1.12, 1.0)
# nats to a nat of lag, see tokens.pacing; of places, for each quarter
PART_HASTE, BAR_HASTE, PLACE_HASTE = 2.0, 1.0, 5.0
# nats to what came at this place of the bar that comes again, by the levels of form
REFRAIN = (0.0, 0.0, 0.4, 1.4)
# settings: the temperature of each field, then what is multiplied with them, then the filters
EASE, STEADY, HURRY_PART, HURRY_BAR, HURRY_PLACE, RECALL = 6, 10, 11, 12, 13, 14
TOP_K, REST, MIN_P, SETTINGS = 18, 19, 20, 21


def settings_of(sampling: Sampling) -> Settings:
    """Write settings as numbers; top-p as the rest, 1 - p, below 0 where nothing is dropped."""
    rest = min(1 - sampling.top_p, MOST_REST) if sampling.top_p < 1 else -1.0
    pitches, rhythm = sampling.temperature, sampling.rhythm_temperature
    heats = (rhythm, rhythm, pitches, pitches, rhythm, rhythm)  # the columns of tokens.codec
    fields = (heat * own for heat, own in zip(heats, EASE_OF_FIELDS, strict=True))
    ways = (*FAITH, STEADINESS, PART_HASTE, BAR_HASTE, PLACE_HASTE, *REFRAIN)
    filters = (sampling.top_k, rest, sampling.min_p)
    return np.array((*fields, *ways, *filters), dtype=np.float64)


@compiled
def temperature_of(settings: Settings, field: int, level: int, kits: int) -> float:
    """Tell how sharp a field's odds are in a bar of a form's level; `kits` is 1 in the drums."""
    return float(settings[field] * settings[EASE + level] * settings[STEADY] ** kits)


@compiled
def forbid(logits: Logits, allowed: Mask) -> None:
    """Keep what is allowed; where nothing is, all is left as it was."""
    if allowed.any():
        for value in range(len(logits)):
            if not allowed[value]:
                logits[value] = NEVER


@compiled
def lean(logits: Logits, nats: Logits) -> None:
    """Lower each value by its nats, or raise it where they are negative; infinite nats ban it.

    A ban gives way where nothing else is left.
    """
    some = False
    for value in range(len(logits)):
        some = some or logits[value] - nats[value] > NEVER
    if some:
        for value in range(len(logits)):
            logits[value] -= nats[value]


@compiled
def temper(logits: Logits, temperature: float) -> None:
    """Turn logits into odds, sharpened (below 1) or flattened (above 1), where they lie."""
    most = logits.max()
    for value in range(len(logits)):
        logits[value] = np.exp((logits[value] - most) / temperature)


@compiled
def least_of_top_k(ordered: Odds, top_k: int) -> float:
    """Find the odds of the k-th likeliest value among rising odds."""
    return float(ordered[max(len(ordered) - top_k, 0)])


@compiled
def least_of_top_p(ordered: Odds, rest: float) -> float:
    """Find the least odds of the fewest likeliest values that make up a share p together.

    Holtzman et al. 2020 (arXiv:1904.09751). What is as likely as the last kept is kept too. Seen
    from below, in rising odds: the unlikeliest values go, as long as they make up no more than the
    `rest`, 1 - p.
    """
    ladder = ordered.cumsum()
    most = rest * ladder[-1]
    for value in range(len(ordered)):
        if ladder[value] > most:
            return float(ordered[value])
    return float(ordered[-1])


@compiled
def sift(odds: Odds, settings: Settings) -> None:
    """Apply top-k, top-p and min-p to odds, one after the other, where they lie.

    The likeliest value has odds of 1, so min-p is itself the least odds that stay (Nguyen et al.
    2024, arXiv:2407.01082).
    """
    top_k, rest, least = int(settings[TOP_K]), settings[REST], settings[MIN_P]
    if top_k > 0 or rest >= 0:
        ordered = np.sort(odds)
        if top_k > 0:
            kth = least_of_top_k(ordered, top_k)
            ordered[ordered < kth] = 0
            least = max(least, kth)
        if rest >= 0:
            least = max(least, least_of_top_p(ordered, rest))
    for value in range(len(odds)):
        if odds[value] < least:
            odds[value] = 0


@compiled
def pick(
    odds: Odds,
    allowed: Mask,
    nats: Logits,
    temperature: float,
    settings: Settings,
    throw: float,
) -> int:
    """Choose a value by its logits, which become odds: what is allowed, as far as it is wished."""
    forbid(odds, allowed)
    if len(nats):
        lean(odds, nats)  # after the rules, so that a ban can give way to them
    temper(odds, temperature)
    sift(odds, settings)
    return draw(odds, throw)


@compiled
def draw(odds: Odds, throw: float) -> int:
    """Choose a value by a throw in [0, 1): the inverse of the distribution.

    Rounding never carries a throw past the end: 1 - 2**-53 times a sum is less than the sum.
    """
    ladder = odds.cumsum()
    most = throw * ladder[-1]
    for value in range(len(odds)):
        if ladder[value] > most:
            return value
    return len(odds) - 1
