"""`audiogroove evaluate scorecard`: composed pieces beside real ones, and both beside controls."""

import argparse
import json
from dataclasses import replace

import torch
from tqdm import tqdm

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.composing import compose_all
from audiogroove.evaluation.scorecard import excerpts, quoting, rungs, table
from audiogroove.evaluation.scorecard.excerpts import RealMusic
from audiogroove.evaluation.scorecard.overall import Scorecard
from audiogroove.evaluation.scorecard.rungs import Plan, StyleReport
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music.piece import Piece
from audiogroove.music.styles import parse_style
from audiogroove.quotation.exact import Corpus
from audiogroove.request import Sampling
from audiogroove.training import dataset
from audiogroove.training.dataset import Dataset

SEED = 1  # of which real music is taken, and of the controls
KNOBS = ("temperature", "rhythm_temperature", "top_k", "top_p", "min_p")


def run(options: argparse.Namespace) -> int:
    """Compose in every style, measure, and print tables or one line of JSON."""
    if options.threads:
        torch.set_num_threads(options.threads)
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    data = dataset.load(options.dataset).divided(model.held_out)
    plan = Plan(options.pieces, options.seeds, _sampling(options))
    music = _music(model, data, plan, options.style)
    pieces = _compose(model, music, plan)
    corpus = None if options.no_quotes else quoting.corpus_of(data)
    reports = [
        _report(data, style, music[style], pieces[style], corpus, plan)
        for style in tqdm(music, unit="style", desc="measuring", disable=None, leave=False)
    ]
    scorecard = Scorecard(model.name, tuple(reports))
    print(json.dumps(scorecard.to_json()) if options.json else table.draw(scorecard))
    return 0


def _sampling(options: argparse.Namespace) -> Sampling:
    """Take the usual sampling, but for what was typed."""
    typed = {knob: getattr(options, knob) for knob in KNOBS}
    return replace(
        Sampling(), **{knob: value for knob, value in typed.items() if value is not None}
    )


def _music(
    model: Checkpoint, data: Dataset, plan: Plan, wished: list[str] | None
) -> dict[str, RealMusic]:
    """Take real music of the wished styles, or of all that the model knows.

    Raises:
        RequestRefused: when none of them has enough.
    """
    styles = list(dict.fromkeys(map(parse_style, wished))) if wished else sorted(model.styles)
    music = {
        style: excerpts.deal(data, style, count=plan.count, seed=SEED)
        for style in styles
        if style in model.styles
    }
    enough = {
        style: own for style, own in music.items() if len(own.reference) >= rungs.LEAST_EXCERPTS
    }
    if not enough:
        possible = "a style that the model knows and the data set has pieces of"
        raise RequestRefused("style", asked=", ".join(styles), possible=possible)
    return enough


def _compose(model: Checkpoint, music: dict[str, RealMusic], plan: Plan) -> dict[str, list[Piece]]:
    """Compose all pieces of all styles together."""
    requests = {style: rungs.requests_of(style, own, plan) for style, own in music.items()}
    everything = [request for own in requests.values() for request in own]
    with tqdm(total=len(everything), unit="piece", desc="composing", disable=None) as bar:
        pieces = compose_all(model, everything, progress=bar.update)
    waiting = iter(pieces)
    return {style: [next(waiting) for _ in own] for style, own in requests.items()}


def _report(
    data: Dataset,
    style: str,
    music: RealMusic,
    pieces: list[Piece],
    corpus: Corpus | None,
    plan: Plan,
) -> StyleReport:
    """Measure a style's sets."""
    sets = rungs.sets_of(data, style, music, pieces, seed=SEED)
    quotes = {
        name: quoting.quotes_of(corpus, (one.passage for one in own))
        for name, own in sets.items()
        if corpus and name in rungs.QUOTING
    }
    count = sum(data.pieces[index].style == style for index in data.split("train"))
    cards = rungs.stand_all(music, sets, seeds=plan.seeds)
    return StyleReport(style, rungs.band_of(music), count, cards, quotes)
