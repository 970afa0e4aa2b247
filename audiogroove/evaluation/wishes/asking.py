"""What is wished: requests drawn by dice, each beside the same request without the wish."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.random import Generator

from audiogroove.errors import RequestRefused
from audiogroove.evaluation import likeness
from audiogroove.evaluation.wishes import granting
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music import instruments, theory
from audiogroove.music.piece import Piece
from audiogroove.request import DENSITIES, ComposeRequest
from audiogroove.tokens.brief import LEAST_PIECES, make_brief
from audiogroove.tokens.vocabulary import DRUMS

BARS = 16
FEWEST_BARS, MOST_BARS = 4, 32
TEMPOS_BPM = (50, 200)
MOST_PARTS = 4
MOSTLY = 0.9  # of the notes, when a scale is wished and not asked for strictly
FORMS = ("AABA", "ABAB", "ABAC")
CHANGED_FORMS = ("AA'BA'", "ABA'B'")
SCALES = tuple(name for name in theory.SCALES if name not in {"major", "minor", "chromatic"})

Judge = Callable[[Piece], float]  # see granting


@dataclass(frozen=True)
class Trial:
    """A request with a wish and one without it, and what both are judged by."""

    wish: str
    request: ComposeRequest
    without: ComposeRequest
    demands: Mapping[str, Judge]
    amounts: Mapping[str, Judge] = field(default_factory=dict)


def trials(
    checkpoint: Checkpoint, *, styles: Collection[str] = (), pieces: int, seeds: int
) -> list[Trial]:
    """Draw `pieces` × `seeds` trials of each wish.

    The styles are those with enough training pieces, unless some are named; each piece's style is
    drawn, and all that is not wished stays open. The same arguments give the same trials.

    Raises:
        RequestRefused: when the model does not know a style.
    """
    customs = checkpoint.customs
    unknown = sorted(set(styles) - set(customs))
    if unknown:
        raise RequestRefused("style", asked=", ".join(unknown), possible=", ".join(sorted(customs)))
    known = [style for style, custom in customs.items() if custom.pieces >= LEAST_PIECES]
    able = sorted(styles) or sorted(known or customs)
    found: list[Trial] = []
    for seed in range(1, seeds + 1):
        for number in range(pieces):
            dice = np.random.default_rng((seed, number))
            plain = ComposeRequest(
                int(dice.integers(2**31)), style=str(dice.choice(able)), bars=BARS
            )
            found.extend(_wishes(plain, checkpoint, dice))
    return found


def _wishes(plain: ComposeRequest, checkpoint: Checkpoint, dice: Generator) -> Iterator[Trial]:
    """Yield a trial of each wish.

    Yields:
        Trials, always in the same order.
    """
    yield _key(plain, dice)
    yield from _scales(plain, dice)
    for word in DENSITIES:
        yield _density(plain, word, checkpoint)
    yield _parts(plain, checkpoint, dice)
    yield _tempo(plain, dice)
    yield _bars(plain, dice)
    yield _meter(plain, checkpoint, dice)
    for wish, forms in (("form", FORMS), ("form, with primes", CHANGED_FORMS)):
        yield _form(plain, wish, str(dice.choice(forms)))
    yield _ending(plain)


def _key(plain: ComposeRequest, dice: Generator) -> Trial:
    mode = "major" if dice.random() < 0.5 else "minor"
    scale = theory.scale_on(int(dice.integers(12)), mode)
    request = plain.with_key(theory.scale_name(scale))
    if request.key is None:
        raise ValueError(f"not a key: {scale}")
    return Trial(
        "key",
        request,
        plain,
        {
            "seems to be in it": partial(granting.seems_in, key=request.key),
            "seems to be in it or its relative": partial(
                granting.seems_in_signature, key=request.key
            ),
        },
        {"notes of its scale": partial(granting.inside, pitch_classes=scale.pitch_classes)},
    )


def _scales(plain: ComposeRequest, dice: Generator) -> Iterator[Trial]:
    """Yield a trial of a scale, and one of the same scale asked for strictly.

    Yields:
        The two trials.
    """
    scale = theory.scale_on(int(dice.integers(12)), str(dice.choice(SCALES)))
    request = plain.with_key(theory.scale_name(scale))
    share = partial(granting.inside, pitch_classes=scale.pitch_classes)
    amounts = {"notes of it": share}
    yield Trial(
        "scale", request, plain, {f"{MOSTLY:.0%} of its notes": _at_least(MOSTLY, share)}, amounts
    )
    strict = replace(request, strict_scale=True)
    yield Trial(
        "scale, strictly", strict, plain, {"all of its notes": _at_least(1, share)}, amounts
    )


def _density(plain: ComposeRequest, word: str, checkpoint: Checkpoint) -> Trial:
    request = replace(plain, density=word)
    brief = make_brief(request, checkpoint.vocabulary, checkpoint.styles, checkpoint.customs)
    told = notes_a_bar(brief.frame.density)
    return Trial(
        f"density: {word}",
        request,
        plain,
        {"as dense as told, within a factor of √2": partial(granting.as_dense, notes_a_bar=told)},
        {"notes a bar": likeness.density},
    )


def _parts(plain: ComposeRequest, checkpoint: Checkpoint, dice: Generator) -> Trial:
    played = {
        program
        for custom in checkpoint.customs.values()
        for ensemble, _ in custom.ensembles
        for program in ensemble
    }
    count = int(dice.integers(1, MOST_PARTS + 1))
    drawn = dice.permutation(sorted(played))[:count].tolist()
    parts = tuple(
        instruments.instrument(0 if program == DRUMS else program, is_drums=program == DRUMS)
        for program in drawn
    )
    return Trial(
        "parts",
        replace(plain, parts=parts),
        plain,
        {"all play, and nobody else": partial(granting.played_by, wished=parts)},
        {"parts that play": partial(granting.playing_share, wished=parts)},
    )


def _tempo(plain: ComposeRequest, dice: Generator) -> Trial:
    bpm = float(dice.integers(*TEMPOS_BPM))
    return Trial(
        "tempo",
        replace(plain, tempo_bpm=bpm),
        plain,
        {"exact": lambda piece: float(piece.tempos == ((0, bpm),))},
    )


def _bars(plain: ComposeRequest, dice: Generator) -> Trial:
    bars = int(dice.integers(FEWEST_BARS, MOST_BARS + 1))
    return Trial(
        "bars",
        replace(plain, bars=bars),
        plain,
        {
            "exact, and the last one sounds": lambda piece: float(
                piece.bars == bars and granting.last_bar_sounds(piece)
            )
        },
        {"bars in which a note begins": granting.full_bars},
    )


def _meter(plain: ComposeRequest, checkpoint: Checkpoint, dice: Generator) -> Trial:
    known = sorted({name for one in checkpoint.customs.values() for name, _ in one.meters})
    meter = theory.parse_meter(str(dice.choice(known)))
    return Trial(
        "meter",
        replace(plain, meter=meter),
        plain,
        {"exact": lambda piece: float(piece.meters == ((0, meter),))},
        {"bars in which a note begins": granting.full_bars},
    )


def _form(plain: ComposeRequest, wish: str, form: str) -> Trial:
    return Trial(
        wish,
        replace(plain, form=form),
        plain,
        {
            f"like letters share {least:.0%} of their notes, others less": partial(
                granting.has_form, form=form, least=least
            )
            for least in (granting.ALIKE, granting.EQUAL)[: 1 if "'" in form else 2]
        },
        {
            "likeness of bars of one letter": partial(granting.alike, form=form),
            "likeness of bars of two letters": partial(granting.unlike, form=form),
        },
    )


def _ending(plain: ComposeRequest) -> Trial:
    """Wish for an end, which is what a request has unless it says otherwise."""
    return Trial(
        "ending",
        plain,
        replace(plain, ending=False),
        {
            "the last bass note is the tonic": granting.ends_on_tonic,
            "the last note is longer than most": granting.ends_long,
            "the last bar sounds": granting.last_bar_sounds,
        },
    )


def notes_a_bar(density: int) -> float:
    """Give the middle of a density's class (see `features.density_id`), in notes a bar."""
    return float(2 ** ((density - 2.5) / 2))


def _at_least(least: float, share: Judge) -> Judge:
    """Make a demand of an amount."""

    def granted(piece: Piece) -> float:
        found = share(piece)
        return found if np.isnan(found) else float(found >= least)

    return granted
