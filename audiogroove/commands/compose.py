"""`audiogroove compose`: a request from the command line to a MIDI file."""

import argparse
import json
import secrets
from pathlib import Path

import torch
from tqdm import tqdm

from audiogroove.errors import RequestRefused
from audiogroove.model import checkpoint
from audiogroove.music import midi, theory, wall
from audiogroove.request import DEFAULT_BARS, ComposeRequest, Mode
from audiogroove.service.composing import compose
from audiogroove.service.job import Composition
from audiogroove.wishes import WISHES, request_of

SEED_BITS = 32  # a number that a person can still type


def run(options: argparse.Namespace) -> int:
    """Compose, write the file, and say what it holds.

    Raises:
        RequestRefused: when the file cannot be written there.
    """
    out: Path = options.out
    if out.is_dir() or not out.parent.is_dir():
        raise RequestRefused("out", asked=out, possible="a file in a folder that exists")
    request = read_request(options)
    torch.set_num_threads(1)  # one piece alone is too small a sum to share
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    with tqdm(total=new_bars(request), unit="bar", disable=None, leave=False) as bar:
        composition = compose(model, request, progress=lambda done: bar.update(done - bar.n))
    out.write_bytes(midi.write(composition.piece))
    report(composition, model.name, out, as_json=options.json)
    return 0


def read_request(options: argparse.Namespace) -> ComposeRequest:
    """Make a request of what was typed; the seed file is read, or refused with `SeedRejected`.

    Raises:
        RequestRefused: when a wish cannot be understood or granted.
    """
    material = wall.read(options.material.read_bytes()) if options.material else None
    mode = Mode(options.mode) if options.mode else Mode.CONTINUE if material else Mode.COMPOSE
    if options.strict_key and not options.key:
        raise RequestRefused("strict-key", asked="", possible="together with --key")
    typed = {wish.name: getattr(options, wish.name) for wish in WISHES}
    wishes = {name: str(value) for name, value in typed.items() if value is not None}
    return request_of(mode, wishes, seed=secrets.randbits(SEED_BITS), material=material)


def new_bars(request: ComposeRequest) -> int:
    """Tell how many bars a request has written."""
    if request.bar_range is not None:
        return request.bar_range[1] - request.bar_range[0]
    if request.mode is Mode.ACCOMPANY and request.material is not None:
        return request.material.bars
    return request.bars or DEFAULT_BARS


def facts(composition: Composition, model: str) -> dict[str, object]:
    """Tell what a composition holds, as JSON values."""
    piece, request = composition.piece, composition.request
    key = piece.key or theory.find_key(piece)
    return {
        "mode": str(request.mode),
        "style": composition.style or None,
        "bars": piece.bars,
        "notes": piece.note_count,
        "parts": [part.name for part in piece.parts],
        "key": theory.key_name(key) if key else None,
        "tempo_bpm": piece.tempos[-1][1],
        "meter": str(piece.meter_at(piece.bars - 1)),
        "seed": request.seed,
        "seconds": round(composition.seconds, 3),
        "notes_per_second": round(composition.notes_per_second, 1),
        "model": model,
    }


def report(composition: Composition, model: str, out: Path, *, as_json: bool) -> None:
    """Say what was composed and where it is."""
    found = facts(composition, model)
    if as_json:
        print(json.dumps(found))
        return
    parts = composition.piece.parts
    print(
        f"{out}: {found['style'] or found['mode']}, {found['bars']} bars of {found['meter']} "
        f"in {found['key'] or 'no key'}, {found['tempo_bpm']:g} bpm, {found['notes']} notes, "
        f"{', '.join(part.name for part in parts)} (seed {found['seed']})"
    )
