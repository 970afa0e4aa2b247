"""The form of a piece where none is wished: found in what stands, customary beyond.

A customary form is that of a real stretch of music. Its beginning is laid upon the last bars that
stand, and what came next there comes next here: new bars look back as far as those did, at what
stands and at each other. Of several that are drawn, the one is taken that begins most as those
last bars are.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.random import Generator

from audiogroove.tokens.codec import BAR, PART, Events
from audiogroove.tokens.customs import Custom, familiarity
from audiogroove.tokens.form import Form, find_form
from audiogroove.tokens.vocabulary import DRUMS

DRAWS = 8  # forms to choose from

Draw = Callable[[], Sequence[Form]]


def customary(
    programs: Sequence[int], custom: Custom | None, customs: Mapping[str, Custom], dice: Generator
) -> list[Form]:
    """Draw `DRAWS` forms as the style has them, or none where it shows none.

    Without a `custom` of its own each is of a style that may well have these players.
    """
    styles = [one for one in ([custom] if custom else customs.values()) if one.forms]
    if not styles:
        return []
    chosen = dice.choice(len(styles), size=DRAWS, p=familiarity(programs, styles))
    return [Form.read(str(dice.choice(styles[index].forms))) for index in chosen.tolist()]


def go_on(begun: Form, bars: int, draw: Draw) -> Form:
    """Let a form, perhaps of no bars yet, go on to so many as those do that are drawn.

    At most half of a drawn one is laid upon what stands. If there is none, nothing is told of the
    new bars.
    """
    form = begun
    while form.bars < bars:
        drawn = draw() or [Form.unknown(bars)]
        other = drawn[int(np.argmax([_agreement(form, one) for one in drawn]))]
        form = form.then(other, past=_overlap(form, other))
    return form.first(bars)


def continued(known: Events, begun: int, bars: int, draw: Draw) -> Form:
    """Tell the form of a piece whose first bars are `begun`; nothing comes again from silence."""
    silent = np.setdiff1d(np.arange(begun), known[:, BAR])
    return go_on(find_form(known, begun), bars, draw).without(silent)


def accompanied(known: Events, programs: Sequence[int], bars: int, draw: Draw) -> Form:
    """Tell the form of what is accompanied: with what comes again its company does.

    A kit that plays alone tells of no form, for others do not repeat themselves as it does.
    """
    heard = np.unique(known[:, PART]).tolist()
    if all(programs[part] == DRUMS for part in heard):
        return go_on(Form.unknown(0), bars, draw)
    return find_form(known, bars)


def _overlap(begun: Form, other: Form) -> int:
    """Tell how many bars of a form lie upon those that stand."""
    return min(begun.bars, other.bars // 2)


def _agreement(begun: Form, other: Form) -> int:
    """Count the bars that are as new or as old where a form is laid upon what stands."""
    bars = _overlap(begun, other)
    return int((begun.levels[begun.bars - bars :] == other.levels[:bars]).sum())
