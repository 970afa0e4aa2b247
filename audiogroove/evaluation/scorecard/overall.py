"""All styles together: the whole ladder, the gates, and what is quoted."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from audiogroove.evaluation.scorecard.quoting import Limits, Quoting
from audiogroove.evaluation.scorecard.rungs import (
    HELD_OUT,
    QUOTING,
    RUNGS,
    StyleReport,
    faults_of,
)
from audiogroove.quotation.exact import Quotes

LEAST_YARDSTICK = 8  # held-out excerpts of a style; with fewer, those of all styles are its own


@dataclass(frozen=True, slots=True)
class Rung:
    """One kind of music over all styles that have it, each style counting alike."""

    name: str
    styles: int
    mean_z: float
    half_width: float  # of mean_z, 95 %, for these very styles
    overlap: float
    by_seed: tuple[float, ...]


@dataclass(frozen=True)
class Scorecard:
    """What was found of all styles."""

    model: str
    reports: tuple[StyleReport, ...]

    @cached_property
    def ladder(self) -> tuple[Rung, ...]:
        """The rungs, real music first."""
        found = []
        for name in RUNGS:
            cards = [report.cards[name] for report in self.reports if name in report.cards]
            cards = [card for card in cards if not np.isnan(card.mean_z)]
            if cards:
                widths = np.array([card.half_width for card in cards])
                seeds = np.mean([card.by_seed for card in cards], axis=0)
                found.append(
                    Rung(
                        name,
                        len(cards),
                        float(np.mean([card.mean_z for card in cards])),
                        float(np.sqrt((widths**2).sum()) / len(cards)),
                        float(np.mean([card.overlap for card in cards])),
                        tuple(seeds.tolist()),
                    )
                )
        return tuple(found)

    @property
    def faults(self) -> list[str]:
        """Say which rungs are out of order over all styles."""
        return faults_of({rung.name: rung.mean_z for rung in self.ladder})

    @cached_property
    def yardstick(self) -> list[Quotes]:
        """What real held-out music of all styles quotes."""
        return [one for report in self.reports for one in report.quotes.get(HELD_OUT, ())]

    def limits(self, report: StyleReport) -> Limits | None:
        """Tell what a style's pieces may quote; None when nothing was held out."""
        own = report.quotes.get(HELD_OUT, ())
        yardstick = own if len(own) >= LEAST_YARDSTICK else self.yardstick
        return Limits.of(yardstick) if yardstick else None

    def quoting(self, report: StyleReport) -> dict[str, Quoting]:
        """Tell what one style's sets quote, by rung; nothing without a yardstick or a melody."""
        limits = self.limits(report)
        if limits is None:
            return {}
        return {name: Quoting.of(own, limits) for name, own in report.quotes.items() if own}

    @cached_property
    def all_quoting(self) -> dict[str, Quoting]:
        """Tell what the sets of all styles quote, each piece held to its own style's limits."""
        found: dict[str, Quoting] = {}
        for name in QUOTING:
            told = self._flagged(name)
            if told:
                flagged = float(np.mean([flag for _, flag in told]))
                limits = Limits.of(self.yardstick)
                pooled = Quoting.of([one for one, _ in told], limits)
                found[name] = Quoting(pooled.pieces, pooled.shares, pooled.runs, flagged)
        return found

    def _flagged(self, name: str) -> list[tuple[Quotes, bool]]:
        """List what each piece of a rung quotes, and whether that is flagged."""
        return [
            (one, limits.flags(one))
            for report in self.reports
            for limits in [self.limits(report)]
            if limits
            for one in report.quotes.get(name, ())
        ]

    def to_json(self) -> dict[str, object]:
        """Write all of it as JSON values."""
        return {
            "model": self.model,
            "ladder": {rung.name: _plain(rung) for rung in self.ladder},
            "out_of_order": self.faults,
            "quoting": {name: told.to_json() for name, told in self.all_quoting.items()},
            "styles": {report.style: self._style_json(report) for report in self.reports},
        }

    def _style_json(self, report: StyleReport) -> dict[str, object]:
        return {
            "training_pieces": report.training_pieces,
            "band": report.band,
            "within_gate": report.is_close if report.is_gated else None,
            "repeats_as_real": report.repeats_as_real,
            "out_of_order": report.faults,
            "cards": {name: card.to_json() for name, card in report.cards.items()},
            "quoting": {name: told.to_json() for name, told in self.quoting(report).items()},
        }


def _plain(rung: Rung) -> dict[str, object]:
    return {
        "styles": rung.styles,
        "mean_z": rung.mean_z,
        "half_width": rung.half_width,
        "overlap": rung.overlap,
        "by_seed": list(rung.by_seed),
    }
