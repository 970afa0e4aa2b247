"""The form of a piece: which earlier bar each bar is like, and how much.

A form is what a listener hears as A A' B A: some bars come again, the same or changed. It is
written here as a *source* for each bar (an earlier bar, or -1) and a *level* of likeness. Read
from real music for training (`find_form`), and drawn from letters for a wish (`plan_form`).

As text a bar is `.` where it is new, `=8` where it is the same as 8 bars before, `~8` where it is
like that bar, `?` where nothing is known; `*4` after it says that so many bars are alike. AABA of
eight bars each, the last A changed, is `.*8=8*8.*8~16*8`.
"""

import re
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from audiogroove.errors import RequestRefused
from audiogroove.music.piece import MAX_BARS
from audiogroove.tokens.codec import BAR, PART, PITCH, POSITION, Events

UNKNOWN, NEW, LIKE, SAME = range(4)  # levels; UNKNOWN says that nothing was asked
LEVELS = 4
ALIKE = 0.5  # from this share of common notes on, a bar is like an earlier one …
EQUAL = 0.95  # … and from this on, the same
BUCKETS = 1024  # of the hashed note sets; two notes of a bar rarely meet in one
BLOCK = 256  # bars that are compared with all before them at a time

_SIGNS = "?.~="  # of the levels
_RUN = re.compile(r"(?:([.?])|([=~])([0-9]{1,4}))(?:\*([0-9]{1,4}))?")

Bars = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Form:
    """For each bar its source, an earlier bar or -1, and its level, UNKNOWN .. SAME."""

    sources: Bars
    levels: Bars

    @classmethod
    def unknown(cls, bars: int) -> "Form":
        """Make the form of which nothing is known."""
        return cls(np.full(bars, -1, dtype=np.int64), np.full(bars, UNKNOWN, dtype=np.int64))

    def roots_of(self, bar: int) -> list[int]:
        """List a bar, the bar that it is or is like, the one which that is like, and so on."""
        roots = [bar]
        while self.sources[roots[-1]] >= 0:
            roots.append(int(self.sources[roots[-1]]))
        return roots

    @classmethod
    def read(cls, text: str) -> "Form":
        """Read a form from its text; undoes `text`.

        Raises:
            ValueError: when it is none, is too long, or looks back to before its first bar.
        """
        runs = list(_RUN.finditer(text))
        if not runs or "".join(run[0] for run in runs) != text:
            raise ValueError(f"not a form: {text[:80]}")
        lengths = [int(run[4] or 1) for run in runs]
        if not 0 < min(lengths) <= sum(lengths) <= MAX_BARS:
            raise ValueError(f"a form of no or too many bars: {text[:80]}")
        levels = np.repeat([_SIGNS.index(run[1] or run[2]) for run in runs], lengths)
        agos = np.repeat([int(run[3] or 0) for run in runs], lengths)
        if ((levels >= LIKE) & (agos == 0)).any() or (agos > np.arange(len(agos))).any():
            raise ValueError(f"a form whose bars have no source: {text[:80]}")
        return cls._of(agos, levels)

    @property
    def text(self) -> str:
        """Write the form down as the module says; see `read`."""
        agos = self.agos.tolist()
        signs = [
            _SIGNS[level] + str(ago) * (level >= LIKE)
            for level, ago in zip(self.levels.tolist(), agos, strict=True)
        ]
        runs = [(sign, len(list(run))) for sign, run in groupby(signs)]
        return "".join(sign + f"*{length}" * (length > 1) for sign, length in runs)

    @property
    def agos(self) -> Bars:
        """How many bars ago the source of each bar is, 0 where there is none."""
        return np.where(self.sources >= 0, np.arange(len(self.sources)) - self.sources, 0)

    @property
    def bars(self) -> int:
        """How many bars it plans."""
        return len(self.levels)

    def first(self, bars: int) -> "Form":
        """Keep the first bars, as many as there are."""
        return Form(self.sources[:bars], self.levels[:bars])

    def then(self, other: "Form", *, past: int) -> "Form":
        """Go on as another form does beyond its first `past` bars, at most as many as stand here.

        Its bars look back as far as they did there, beyond where it is joined, too.
        """
        agos = np.concatenate((self.agos, other.agos[past:]))
        return Form._of(agos, np.concatenate((self.levels, other.levels[past:])))

    def without(self, bars: Bars) -> "Form":
        """Make every bar new that has one of these for its source."""
        lost = np.isin(self.sources, bars) & (self.sources >= 0)
        return Form(np.where(lost, -1, self.sources), np.where(lost, NEW, self.levels))

    @classmethod
    def _of(cls, agos: Bars, levels: Bars) -> "Form":
        sources = np.where(agos > 0, np.arange(len(agos)) - agos, -1)
        return cls(sources.astype(np.int64), levels.astype(np.int64))


def find_form(events: Events, bars: int) -> Form:
    """Find for each bar the earlier bar with most notes in common (place, part and pitch).

    Likeness is the Jaccard index of the two bars' note sets. Of equally like bars the latest
    counts. An empty bar is new.
    """
    sets = np.zeros((bars, BUCKETS), dtype=np.float32)
    mixed = events[:, POSITION] * 7919 + events[:, PART] * 104729 + events[:, PITCH] * 1299709
    sets[events[:, BAR], mixed % BUCKETS] = 1
    sizes = sets.sum(axis=1)
    sources, best = np.full(bars, -1, dtype=np.int64), np.zeros(bars, dtype=np.float32)
    for start in range(0, bars, BLOCK):
        block = slice(start, min(start + BLOCK, bars))
        sources[block], best[block] = _likest(sets, sizes, block)
    levels = np.where(best >= EQUAL, SAME, np.where(best >= ALIKE, LIKE, NEW))
    return Form(np.where(best >= ALIKE, sources, -1), levels.astype(np.int64))


def _likest(sets: Floats, sizes: Floats, block: slice) -> tuple[Bars, Floats]:
    """Find for each bar of a block the likest earlier bar, and how like they are, 0..1."""
    past = block.stop
    common = sets[block] @ sets[:past].T
    either = np.maximum(sizes[block, None] + sizes[None, :past] - common, 1)
    likeness = np.tril(common / either, block.start - 1)
    # argmax finds the first of equals; reversed, the latest
    sources = past - 1 - likeness[:, ::-1].argmax(axis=1)
    return sources, likeness[np.arange(len(likeness)), sources]


def plan_form(text: str, bars: int) -> Form:
    """Draw a form from letters, such as ``AABA`` or ``A A' B A``, over a number of bars.

    Sections share the bars as evenly as whole bars allow. A letter that comes again takes its
    first section for its source: the same, or with a prime changed in its last quarter, as most
    sections are that come again changed (of 3,669 of four bars in the corpus, `===~` and its kin
    are by far the commonest).

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
            form.levels[start : start + length] = SAME
            if section.endswith("'"):
                form.levels[start + length - max(1, length // 4) : start + length] = LIKE
        else:
            first[letter] = (start, stop)
    return form
