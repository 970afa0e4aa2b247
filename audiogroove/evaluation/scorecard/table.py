"""The scorecard as Markdown tables that a terminal can show."""

from collections.abc import Sequence
from itertools import groupby
from math import isnan

from audiogroove.evaluation.scorecard.overall import Scorecard
from audiogroove.evaluation.scorecard.quoting import Quoting
from audiogroove.evaluation.scorecard.rungs import GATE, GATED_PIECES, MODEL, RUNGS, StyleReport
from audiogroove.evaluation.scorecard.standing import Card
from audiogroove.quotation.exact import LENGTHS

WORST = 4  # metrics that are named
NONE = "–"


def draw(scorecard: Scorecard) -> str:
    """Draw all tables: styles by what plays them, the ladder, the gates, and what is quoted."""
    bands = sorted(scorecard.reports, key=lambda report: report.band)
    blocks = [_styles(band, list(own)) for band, own in groupby(bands, lambda one: one.band)]
    blocks += [_ladder(scorecard), _gates(scorecard)]
    if scorecard.all_quoting:
        blocks.append(_quoting(scorecard))
    return "\n\n".join(blocks)


def _styles(band: str, reports: Sequence[StyleReport]) -> str:
    others = [name for name in RUNGS if name != MODEL]
    names = [band, "train", MODEL, *others, "OA", "bar_rep (real)", "furthest off"]
    rows = []
    for report in reports:
        card = report.cards[MODEL]
        heights = [_height(report.cards.get(name)) for name in others]
        worst = ", ".join(f"{name} {z:+.1f}" for name, z in card.worst[:WORST])
        told = f"{_height(card)} ± {card.half_width:.2f}"
        figures = [told, *heights, _figure(card.overlap), _repeats(card), worst]
        rows.append([report.style, str(report.training_pieces), *figures])
    return _table(names, rows)


def _ladder(scorecard: Scorecard) -> str:
    rows = []
    for rung in scorecard.ladder:
        within = sum(
            report.cards[rung.name].mean_z <= GATE
            for report in scorecard.reports
            if rung.name in report.cards
        )
        seeds = " ".join(f"{height:.2f}" for height in rung.by_seed) if rung.name == MODEL else ""
        told = f"{rung.mean_z:.2f} ± {rung.half_width:.2f}"
        counts = [f"{within} of {rung.styles}", seeds or NONE]
        rows.append([rung.name, told, _figure(rung.overlap), *counts])
    table = _table(["all styles", "mean|z|", "OA", f"styles ≤ {GATE:g}", "seed by seed"], rows)
    return f"{table}\n\n{_order(scorecard)}"


def _order(scorecard: Scorecard) -> str:
    """Say whether the ladder is in order, over all styles and in each."""
    over_all = "in order" if not scorecard.faults else f"out of order: {_listed(scorecard.faults)}"
    faulty = [
        f"{report.style} ({_listed(report.faults)})"
        for report in scorecard.reports
        if report.faults
    ]
    told = f"Out of order in: {_listed(faulty)}." if faulty else "So it is in each style."
    return f"The ladder of all styles is {over_all}. {told}"


def _gates(scorecard: Scorecard) -> str:
    gated = [report for report in scorecard.reports if report.is_gated]
    close = [report for report in gated if report.is_close]
    melodic = [report for report in gated if report.repeats_as_real is not None]
    alike = [report for report in melodic if report.repeats_as_real]
    return (
        f"Of {len(gated)} styles with {GATED_PIECES} training pieces or more, {len(close)} have "
        f"mean|z| ≤ {GATE:g}; missed by: {_missing(gated, close)}.\n"
        f"Of {len(melodic)} of them with a melody, {len(alike)} have bar_rep within ±50 % of real "
        f"music's; missed by: {_missing(melodic, alike)}."
    )


def _missing(asked: Sequence[StyleReport], kept: Sequence[StyleReport]) -> str:
    return _listed([report.style for report in asked if report not in kept]) or "none"


def _quoting(scorecard: Scorecard) -> str:
    names = [*(f"{length} moves" for length in LENGTHS), "run: median", "95 %", "longest"]
    names += ["flagged", "pieces"]
    rows = [[name, *_quotes(told)] for name, told in scorecard.all_quoting.items()]
    table = _table(["known fragments", *names], rows)
    styles = []
    for report in scorecard.reports:
        told = scorecard.quoting(report).get(MODEL)
        if told:
            styles.append([report.style, *_quotes(told)])
    return f"{table}\n\n{_table(['model, by style', *names], styles)}"


def _quotes(told: Quoting) -> list[str]:
    median, high, longest = told.runs
    runs = [f"{median:.0f}", f"{high:.0f}", str(longest)]
    shares = [f"{told.shares[length]:.3f}" for length in LENGTHS]
    return [*shares, *runs, f"{told.flagged:.1%}", str(told.pieces)]


def _repeats(card: Card) -> str:
    """Tell bar_rep, real music's in brackets."""
    if card.repeats is None:
        return NONE
    return f"{card.means['bar_rep']:.2f} ({card.reference['bar_rep']:.2f})"


def _height(card: Card | None) -> str:
    return NONE if card is None else _figure(card.mean_z)


def _figure(value: float) -> str:
    return NONE if isnan(value) else f"{value:.2f}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Draw a Markdown table whose columns are as wide as what stands in them."""
    columns = zip(names, *rows, strict=True)
    widths = [max(map(len, column)) for column in columns]
    lines = [
        " | ".join(
            cell.rjust(width) if 0 < at < len(widths) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (names, *rows)
    ]
    rule = "|".join(
        "-" * (width + 2 - bool(at)) + ":" * bool(at) for at, width in enumerate(widths)
    )
    return "\n".join([f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])])
