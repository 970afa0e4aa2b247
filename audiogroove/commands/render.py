"""`audiogroove render`: a MIDI file as sound, piano roll, score or video."""

import argparse
from collections.abc import Callable
from pathlib import Path

from audiogroove.errors import RenderingFailed, RequestRefused
from audiogroove.music import theory, wall
from audiogroove.music.piece import Piece
from audiogroove.render.legend import Legend
from audiogroove.render.roll import picture, video
from audiogroove.render.score import score
from audiogroove.render.sound.encoding import SoundFormat, encode
from audiogroove.render.sound.stretch import beginning
from audiogroove.render.sound.synthesiser import RATE_HZ, Synthesiser

Render = Callable[[Piece, Legend, Synthesiser], bytes]

SOUNDING: dict[str, Render] = {
    ".mp3": lambda piece, legend, player: encode(
        player.play(piece), SoundFormat.MP3, title=legend.title
    ),
    ".ogg": lambda piece, legend, player: encode(
        player.play(piece), SoundFormat.OPUS, title=legend.title
    ),
    ".mp4": lambda piece, legend, player: video.film(
        piece, legend, player.play(piece, beginning(piece, max_s=video.MAX_S)).samples, RATE_HZ
    ),
}
SILENT: dict[str, Callable[[Piece, Legend], bytes]] = {
    ".svg": lambda piece, legend: picture.draw(piece, legend).encode(),
    ".png": lambda piece, legend: picture.paint(picture.draw(piece, legend)),
    ".pdf": lambda piece, legend: engraved(piece, legend).pdf,
    ".musicxml": lambda piece, legend: engraved(piece, legend).musicxml,
}
POSSIBLE = f"a file that ends in {', '.join([*SOUNDING, *SILENT])}"


def run(options: argparse.Namespace) -> int:
    """Read the file, and write it in another shape, or in several.

    Raises:
        RequestRefused: when it cannot be written there, or in that shape.
        RenderingFailed: when something is missing that it takes.
    """
    outs: list[Path] = options.out
    for out in outs:
        if out.is_dir() or not out.parent.is_dir():
            raise RequestRefused("out", asked=out, possible="a file in a folder that exists")
        if out.suffix.lower() not in SOUNDING.keys() | SILENT.keys():
            raise RequestRefused("out", asked=out.name, possible=POSSIBLE)
        if out.suffix.lower() == ".mp4" and not video.is_available():
            raise RenderingFailed("video", fault="PyAV is not installed")
    piece = wall.read(options.material.read_bytes())
    legend = legend_of(piece, options.title or piece.title or options.material.stem)
    player = None
    for out in outs:
        if render := SILENT.get(out.suffix.lower()):
            out.write_bytes(render(piece, legend))
        else:
            player = player or Synthesiser.open(options.soundfont)
            out.write_bytes(SOUNDING[out.suffix.lower()](piece, legend, player))
        print(out)
    return 0


def legend_of(piece: Piece, title: str) -> Legend:
    """Write what stands beside the notes."""
    key = piece.key or theory.find_key(piece)
    told = [
        theory.key_name(key) if key else "",
        f"{piece.bars} bars of {piece.meter_at(0)} at {piece.tempos[0][1]:g} bpm",
        f"{piece.note_count} notes",
    ]
    return Legend(title, " · ".join(word for word in told if word))


def engraved(piece: Piece, legend: Legend) -> score.Score:
    """Engrave a piece under its title."""
    return score.engrave(piece, title=legend.title, facts=legend.facts)
