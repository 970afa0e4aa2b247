"""The ladder: real music at its foot, dice at its top, and the model somewhere between.

One style's sets are made, measured and compared here; nothing is printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audiogroove.evaluation.scorecard import controls
from audiogroove.evaluation.scorecard.bigram import Bigram
from audiogroove.evaluation.scorecard.excerpts import Excerpt, RealMusic
from audiogroove.evaluation.scorecard.metrics import measure_all
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.evaluation.scorecard.standing import Card, Reference, stand
from audiogroove.music.piece import Piece
from audiogroove.quotation.exact import Quotes
from audiogroove.request import ComposeRequest, Sampling
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset

REAL, HELD_OUT, MODEL = "real", "held out", "model"
BIGRAM, SHUFFLED, RANDOM = "bigram", "shuffled", "random"
RUNGS = (REAL, HELD_OUT, MODEL, BIGRAM, SHUFFLED, RANDOM)
QUOTING = (HELD_OUT, MODEL, BIGRAM, RANDOM)  # the others are of training pieces

GATE = 0.5  # the most that mean|z| may be …
GATED_PIECES = 100  # … in a style with so many training pieces
REPEATS = (0.5, 1.5)  # bar_rep may be so many times that of real music
LEAST_EXCERPTS = 4  # of real music, or there is nothing to compare with
SEED_STRIDE = 1_000_000  # of one seed's requests from the next one's


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is composed, and how."""

    pieces: int  # of each style and seed
    seeds: int
    sampling: Sampling

    @property
    def count(self) -> int:
        """How many pieces a style has in all."""
        return self.pieces * self.seeds


@dataclass(frozen=True)
class StyleReport:
    """How one style stands, and what its sets quote, both by rung."""

    style: str
    band: str  # what plays it, see `band_of`
    training_pieces: int
    cards: Mapping[str, Card]
    quotes: Mapping[str, Sequence[Quotes]]

    @property
    def is_gated(self) -> bool:
        """Whether the style has enough training pieces for the gate to be asked of it."""
        return self.training_pieces >= GATED_PIECES

    @property
    def is_close(self) -> bool:
        """Whether the model is as close to real music as the gate asks."""
        return self.cards[MODEL].mean_z <= GATE

    @property
    def repeats_as_real(self) -> bool | None:
        """Whether the model repeats bars about as often as real music; None without melody."""
        repeats = self.cards[MODEL].repeats
        return REPEATS[0] <= repeats[0] <= REPEATS[1] if repeats else None

    @property
    def faults(self) -> list[str]:
        """Say which rungs of the ladder are out of order."""
        heights = {name: card.mean_z for name, card in self.cards.items()}
        return faults_of(heights)


def faults_of(heights: Mapping[str, float]) -> list[str]:
    """Say which rungs are out of order: real < model < bigram and shuffled < random."""
    order = ((REAL, MODEL), (MODEL, BIGRAM), (MODEL, SHUFFLED), (BIGRAM, RANDOM))
    return [
        f"{low} ≥ {high}"
        for low, high in (*order, (SHUFFLED, RANDOM))
        if low in heights and high in heights and heights[low] >= heights[high]
    ]


def requests_of(style: str, music: RealMusic, plan: Plan) -> list[ComposeRequest]:
    """Ask for as many pieces as planned, seed after seed, each as long as a piece of the reference.

    Nothing but style and length is wished: the style's customs answer the rest.
    """
    bars = [excerpt.passage.bars for excerpt in music.reference]
    return [
        ComposeRequest(
            seed=seed * SEED_STRIDE + number,
            style=style,
            bars=bars[number % len(bars)],
            sampling=plan.sampling,
        )
        for seed in range(plan.seeds)
        for number in range(plan.pieces)
    ]


def sets_of(
    data: Dataset, style: str, music: RealMusic, pieces: Sequence[Piece], *, seed: int
) -> dict[str, list[Excerpt]]:
    """Make the set of each rung; the controls are made of the real set's excerpts."""
    dice = np.random.default_rng((seed, *style.encode()))
    train = [index for index in data.split("train") if data.pieces[index].style == style]
    bigram = Bigram(data, train)
    frames = [excerpt.passage for excerpt in music.real]
    sets = {
        REAL: list(music.real),
        HELD_OUT: list(music.held_out),
        MODEL: [_whole(Passage.of(piece)) for piece in pieces],
        BIGRAM: [_whole(bigram.compose(frame, dice)) for frame in frames],
        SHUFFLED: [_whole(controls.shuffled(frame, dice)) for frame in frames],
        RANDOM: [_whole(controls.scattered(frame, dice)) for frame in frames],
    }
    return {name: own for name, own in sets.items() if own}


def stand_all(
    music: RealMusic, sets: Mapping[str, Sequence[Excerpt]], *, seeds: int
) -> dict[str, Card]:
    """Tell where each set stands."""
    reference = Reference.of(music.reference)
    return {
        name: stand(measure_all(own), reference, seeds=seeds if name == MODEL else 1)
        for name, own in sets.items()
    }


def band_of(music: RealMusic) -> str:
    """Tell what mostly plays: "drums alone", "with drums", "several parts" or "one part"."""
    programs = [excerpt.passage.programs for excerpt in music.reference]
    kits = np.array([DRUMS in own for own in programs])
    alone = np.array([len(own) == 1 for own in programs])
    if (kits & alone).mean() > 1 / 2:
        return "drums alone"
    if kits.mean() > 1 / 2:
        return "with drums"
    return "one part" if alone.mean() > 1 / 2 else "several parts"


def _whole(passage: Passage) -> Excerpt:
    return Excerpt(passage, passage)
