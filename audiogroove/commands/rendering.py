"""What it costs to make a piece audible and visible: `audiogroove benchmark render`."""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import torch

from audiogroove.commands.render import engraved, legend_of
from audiogroove.model import checkpoint
from audiogroove.music.piece import Piece
from audiogroove.render.roll import picture, video
from audiogroove.render.sound.encoding import SoundFormat, encode
from audiogroove.render.sound.synthesiser import RATE_HZ, Synthesiser
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import compose

PIECES = 10  # in as many styles
BARS = 16


def render(options: argparse.Namespace) -> list[dict[str, object]]:
    """Measure each rendering of ten 16-bar pieces in as many styles; medians over the pieces."""
    player = Synthesiser.open()
    measured: dict[str, list[tuple[float, float, int]]] = {}
    pieces = composed(options)
    for warm_up in (True, False):
        for piece in pieces[:1] if warm_up else pieces:
            for name, make in steps(piece, player).items():
                began = time.process_time(), time.perf_counter()
                made = make()
                spent = time.process_time() - began[0], time.perf_counter() - began[1]
                measured.setdefault(name, []).append((*spent, len(made)))
        if warm_up:
            measured.clear()  # what was imported and loaded then is there from now on
    return [
        {
            "of 16 bars": name,
            "CPU s": round(median(cpu_s for cpu_s, _, _ in figures), 2),
            "most CPU s": round(max(cpu_s for cpu_s, _, _ in figures), 2),
            "s": round(median(wall_s for _, wall_s, _ in figures), 2),
            "kB": round(median(size for _, _, size in figures) / 1000),
        }
        for name, figures in measured.items()
    ]


def composed(options: argparse.Namespace) -> list[Piece]:
    """Compose the pieces; the same seed gives the same ones."""
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    torch.set_num_threads(1)
    styles = sorted(model.styles)
    chosen = [styles[number * len(styles) // PIECES] for number in range(PIECES)]
    requests = [
        ComposeRequest(seed=options.seed + number, style=style, bars=BARS)
        for number, style in enumerate(chosen)
    ]
    return [
        replace(compose(model, request).piece, title=style.replace("_", " "))
        for request, style in zip(requests, chosen, strict=True)
    ]


def steps(piece: Piece, player: Synthesiser) -> dict[str, Callable[[], bytes]]:
    """List what is made of one piece, each step on its own."""
    legend = legend_of(piece, piece.title)
    recording = player.play(piece)
    films = {"video": lambda: video.film(piece, legend, recording.samples, RATE_HZ)}
    return {
        "synthesis": lambda: bytes(player.play(piece).samples),
        "MP3": lambda: encode(recording, SoundFormat.MP3, title=piece.title),
        "Opus": lambda: encode(recording, SoundFormat.OPUS, title=piece.title),
        "picture": lambda: picture.paint(picture.draw(piece, legend)),
        "cover": lambda: picture.cover(piece, legend),
        "score": lambda: engraved(piece, legend).pdf,
    } | (films if video.is_available() else {})
