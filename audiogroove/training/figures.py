"""What was measured of a model: as `evaluate --json` says it, kept beside the weights, shown.

`figures.json` holds what each measure said, by the measure's name and unchanged, so that it can be
read by programs and drawn anew.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from audiogroove.errors import RequestRefused

Json = object  # what json.loads gives
MEASURES = {
    "likelihood": "How well it foresees music that it has not seen, in nats a note; less is better",
    "scorecard": "Pieces that it composed beside real ones, and both beside controls",
    "modes": "How continue, vary and accompany keep to what is given",
    "wishes": "How often each wish is granted",
    "jsb": "Networks of this kind on the JSB chorales, in nats a cell; less is better",
    "polyphony": "Networks of this kind on four published sets, in nats a frame; less is better",
    "ablations": "Small networks of this kind with something left out",
}


def read(paths: Iterable[Path]) -> dict[str, Json]:
    """Read what measures said from files that are called after them.

    Raises:
        RequestRefused: when a file is called otherwise, or holds no JSON.
    """
    found: dict[str, Json] = {}
    for path in paths:
        if path.stem not in MEASURES:
            possible = f"a file such as {' or '.join(f'{name}.json' for name in MEASURES)}"
            raise RequestRefused("figures", asked=path, possible=possible)
        found[path.stem] = parse(path)
    return found


def parse(path: Path) -> Json:
    """Read JSON, without what is no number.

    Raises:
        RequestRefused: when it is none.
    """
    try:
        value: Json = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        possible = "what `audiogroove evaluate … --json` says"
        raise RequestRefused("figures", asked=path, possible=possible) from None
    return value


def draw(figures: Mapping[str, Json]) -> str:
    """Draw what measures said as Markdown, in the order of `MEASURES`."""
    return "\n\n".join(
        under_heading(name, tables(figures[name])) for name in MEASURES if name in figures
    )


def under_heading(name: str, drawn: str) -> str:
    """Put the command before what it said."""
    return f"### `audiogroove evaluate {name}`\n\n{MEASURES[name]}.\n\n{drawn}"


def tables(value: Json) -> str:
    """Draw JSON as tables: a list's objects are the rows of one, an object is a row itself."""
    if isinstance(value, list):
        return _table([_flat(one) for one in value])
    if not isinstance(value, dict):
        return _table([_flat(value)])
    nested = {
        name: one
        for name, one in value.items()
        if isinstance(one, list) and one and all(isinstance(row, dict) for row in one)
    }
    alone = {name: one for name, one in value.items() if name not in nested}
    drawn = [_table([_flat(alone)])] if alone else []
    drawn += [f"{cell(name)}:\n\n{tables(one)}" for name, one in nested.items()]
    return "\n\n".join(drawn)


def cell(value: Json) -> str:
    """Write a value so that it fits a cell of a Markdown table."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return " ".join(cell(one) for one in value)
    return " ".join(str(value).split()).replace("|", "\\|")


def _flat(value: Json, name: str = "") -> dict[str, Json]:
    """Lay an object within an object out as one, `{"a": {"b": 1}}` as `{"a b": 1}`."""
    if not isinstance(value, dict):
        return {name or "value": value}
    found: dict[str, Json] = {}
    for key, one in value.items():
        found |= _flat(one, f"{name} {key}".strip())
    return found


def _table(rows: list[dict[str, Json]]) -> str:
    names = list({name: None for row in rows for name in row})
    lines = [f"| {' | '.join(map(cell, names))} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(cell(row.get(name, '')) for name in names)} |" for row in rows]
    return "\n".join(lines)


def _refuse(constant: str) -> Json:
    raise ValueError(constant)
