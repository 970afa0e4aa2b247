"""The form of a piece: which earlier bar each bar is like, and how much.

A form is what a listener hears as A A' B A: some bars come again, the same or changed. It is
written here as a *source* for each bar (an earlier bar, or -1) and a *level* of likeness. Read
from real music for training (`find_form`), and drawn from letters for a wish (`plan_form`).
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiogroove.errors import RequestRefused
from audiogroove.tokens.codec import BAR, PART, PITCH, POSITION, Events

UNKNOWN, NEW, LIKE, SAME = range(4)  # levels; UNKNOWN says that nothing was asked
LEVELS = 4
ALIKE = 0.5  # from this share of common notes on, a bar is like an earlier one …
EQUAL = 0.95  # … and from this on, the same
BUCKETS = 1024  # of the hashed note sets; two notes of a bar rarely meet in one

Bars = NDArray[np.int64]


@dataclass(frozen=True)
class Form:
    """For each bar its source, an earlier bar or -1, and its level, UNKNOWN .. SAME."""

    sources: Bars
    levels: Bars

    @classmethod
    def unknown(cls, bars: int) -> "Form":
        """Make the form of which nothing is known."""
        return cls(np.full(bars, -1, dtype=np.int64), np.full(bars, UNKNOWN, dtype=np.int64))


def find_form(events: Events, bars: int) -> Form:
    """Find for each bar the earlier bar with most notes in common (place, part and pitch).

    Likeness is the Jaccard index of the two bars' note sets. Of equally like bars the latest
    counts. An empty bar is new.
    """
    sets = np.zeros((bars, BUCKETS), dtype=np.float32)
    mixed = events[:, POSITION] * 7919 + events[:, PART] * 104729 + events[:, PITCH] * 1299709
    sets[events[:, BAR], mixed % BUCKETS] = 1
    common = sets @ sets.T
    sizes = np.diag(common)
    either = np.maximum(sizes[:, None] + sizes[None, :] - common, 1)
    likeness = np.tril(common / either, -1)
    # argmax finds the first of equals; reversed, the latest
    sources = bars - 1 - likeness[:, ::-1].argmax(axis=1)
    best = likeness[np.arange(bars), sources]
    levels = np.where(best >= EQUAL, SAME, np.where(best >= ALIKE, LIKE, NEW))
    return Form(np.where(best >= ALIKE, sources, -1).astype(np.int64), levels.astype(np.int64))


def plan_form(text: str, bars: int) -> Form:
    """Draw a form from letters, such as ``AABA`` or ``A A' B A``, over a number of bars.

    Sections share the bars as evenly as whole bars allow. A letter that comes again takes its
    first section for its source, the same, or with a prime changed.

    Raises:
        RequestRefused: when the text is not a form or has more sections than there are bars.
    """
    sections = re.findall(r"[A-Za-z]'?", text)
    if not sections or re.sub(r"[A-Za-z]'?|[\s,-]", "", text) or len(sections) > bars:
        raise RequestRefused(
            "form", asked=text, possible=f"1 to {min(bars, 16)} letters such as AABA or AA'BA"
        )
    form = Form(np.full(bars, -1, dtype=np.int64), np.full(bars, NEW, dtype=np.int64))
    edges = [round(index * bars / len(sections)) for index in range(len(sections) + 1)]
    first: dict[str, tuple[int, int]] = {}
    for section, start, stop in zip(sections, edges[:-1], edges[1:], strict=True):
        letter = section[0].upper()
        if letter in first:
            model, past = first[letter]
            length = min(stop - start, past - model)
            form.sources[start : start + length] = np.arange(model, model + length)
            form.levels[start : start + length] = LIKE if section.endswith("'") else SAME
        else:
            first[letter] = (start, stop)
    return form
