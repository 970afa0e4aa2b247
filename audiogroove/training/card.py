"""The model card: what a checkpoint was made from, written beside its weights for people.

Training writes all that it knows; `complete` adds what comes later, a licence and figures. A card
may be edited by hand in between: only the two that are added are ever replaced.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audiogroove.errors import RequestRefused
from audiogroove.model.checkpoint import CARD, FIGURES
from audiogroove.training import figures
from audiogroove.training.attribution import NOT_STATED, Share, shares
from audiogroove.training.dataset import Dataset, PieceInfo
from audiogroove.training.figures import Json, cell
from audiogroove.training.metrics import Evaluation, compare

# what the Hub reads of a card; of its kinds of task (`pipeline_tag`) none is written music
FRONT = """---
library_name: audiogroove
tags:
- music
- midi
- symbolic-music
- music-generation
- lstm
---
"""
TITLE = "# AudioGroove checkpoint\n"
FEW = 100  # pieces of a style, of which little more than the manner is learned
_FRONT = re.compile(r"---\n.*?^---\n", re.MULTILINE | re.DOTALL)
_FIGURES = re.compile(r"^## Figures\n(?:(?!## ).*\n?)*", re.MULTILINE)
_RECIPE = re.compile(r"^## Recipe$", re.MULTILINE)
_LICENSE = re.compile(r"[a-z0-9][a-z0-9.-]*")


def write(data: Dataset, state: dict[str, Any]) -> str:
    """Write a card from the data set and the run's state, as Markdown."""
    train = [data.pieces[index] for index in data.split("train")]
    learned_from = shares(train)
    parts = (
        f"{FRONT}\n{TITLE}",
        _beginning(data, state),
        _purpose(train, learned_from),
        _data(train),
        _credits(learned_from),
        f"## Recipe\n\n```json\n{json.dumps(state['recipe'], indent=1)}\n```\n",
    )
    return "\n".join(parts)


def complete(folder: Path, measured: Mapping[str, Json], *, license_id: str | None = None) -> None:
    """Add a licence and what was measured to the card of a model, and keep that beside it."""
    path = folder / CARD
    before = path.read_text(encoding="utf-8") if path.is_file() else TITLE
    kept = figures.parse(folder / FIGURES) if (folder / FIGURES).is_file() else {}
    merged = (kept if isinstance(kept, dict) else {}) | dict(measured)
    text = with_license(before, license_id)
    if measured:
        text = with_figures(text, merged)
        (folder / FIGURES).write_text(json.dumps(merged, indent=1) + "\n", encoding="utf-8")
    if text != before or not path.is_file():
        path.write_text(text, encoding="utf-8")


def with_license(text: str, license_id: str | None) -> str:
    """Say in the front matter of a card under which licence it is; make that where there is none.

    Raises:
        RequestRefused: when it is no licence's name.
    """
    if not _FRONT.match(text):
        text = f"{FRONT}\n{text}"
    if license_id is None:
        return text
    if not _LICENSE.fullmatch(license_id):
        possible = "a name of the Hub's list, such as mit or cc-by-4.0"
        raise RequestRefused("license", asked=license_id, possible=possible)
    _, front, rest = text.split("---\n", maxsplit=2)
    others = re.sub(r"^license:.*\n", "", front, flags=re.MULTILINE)
    return f"---\nlicense: {license_id}\n{others}---\n{rest}"


def with_figures(text: str, measured: Mapping[str, Json]) -> str:
    """Show in a card what was measured, in place of what it showed before."""
    drawn = {name: value for name, value in measured.items() if name != "likelihood"}
    sections = [_likelihood(measured["likelihood"])] if "likelihood" in measured else []
    sections += [figures.draw(drawn)] if drawn else []
    section = "\n\n".join(("## Figures", *sections)) + "\n"
    without = _FIGURES.sub("", text)
    recipe = _RECIPE.search(without)
    if recipe is None:
        return f"{without.rstrip()}\n\n{section}"
    before, after = without[: recipe.start()], without[recipe.start() :]
    return f"{before.rstrip()}\n\n{section}\n{after}"


def _beginning(data: Dataset, state: dict[str, Any]) -> str:
    train = data.split("train")
    notes = sum(data.length(index) for index in train)
    valid, test = (len(data.split(name)) for name in ("valid", "test"))
    steps, count = state["step"], len(train)
    return f"""An LSTM-attention composer of symbolic music. Trained for {steps} steps on {count}
pieces with {notes} notes; {valid} and {test} pieces were held out.
"""


def _purpose(train: Sequence[PieceInfo], learned_from: Sequence[Share]) -> str:
    """Say what it is for and what it cannot do, as far as that follows from the data."""
    styles = Counter(piece.style for piece in train)
    rows = "\n".join(f"| {cell(name)} | {count} |" for name, count in styles.most_common())
    scarce = sorted(name for name, count in styles.items() if count < FEW)
    limits = [
        "What was not in its data, listed below, it does not know: least of all today's hits."
    ]
    limits += [one.collection.limit for one in learned_from if one.collection.limit]
    if scarce:
        limits.append(f"Of styles with few pieces it has learned the manner: {', '.join(scarce)}.")
    limits.append(
        "It may quote what it has learned from; whoever publishes a piece should listen first."
    )
    return f"""## What it is for

To compose short pieces from wishes, continue a seed, rewrite bars of it and add parts to it, as
MIDI, on an ordinary processor and with a person who chooses.

```sh
audiogroove compose --model FOLDER --out piece.mid
```

| style | pieces |
|---|--:|
{rows}

## What to know

{_bullets(limits)}
"""


def _data(train: Sequence[PieceInfo]) -> str:
    licenses = Counter(piece.license or NOT_STATED for piece in train)
    rows = "\n".join(f"| {cell(name)} | {count} |" for name, count in licenses.most_common())
    return f"""## Data

| licence | pieces |
|---|--:|
{rows}
"""


def _credits(learned_from: Sequence[Share]) -> str:
    rows = "\n".join(
        f"| {cell(of.name)} | {share.pieces} | {cell(of.licence)} | {cell(of.credit)} |"
        for share in learned_from
        for of in [share.collection]
    )
    return f"""## Whose music it learned from

All was converted to MIDI events on a grid of twelve steps a quarter, transposed, cut into windows
and learned from; no encoding is part of this folder.

| collection | pieces | licence | credit |
|---|--:|---|---|
{rows}
"""


def _likelihood(told: Json) -> str:
    """Draw likelihood with its own tables.

    Raises:
        RequestRefused: when it is not what `evaluate likelihood --json` says.
    """
    try:
        rows = [Evaluation.of(dict(entry)) for entry in list(told)]  # type: ignore[call-overload]
        drawn = f"{compare(rows)}\n\n{rows[-2].table()}"
    except (LookupError, TypeError, ValueError):
        possible = "what `audiogroove evaluate likelihood --json` says"
        raise RequestRefused("figures", asked="likelihood", possible=possible) from None
    return figures.under_heading("likelihood", drawn)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
