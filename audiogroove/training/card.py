"""The model card: what a checkpoint was made from, written beside its weights."""

import json
from collections import Counter
from typing import Any

from audiogroove.training.dataset import Dataset


def write(data: Dataset, state: dict[str, Any]) -> str:
    """Write a card from the data set and the run's state, as Markdown."""
    train = data.split("train")
    notes = sum(data.length(index) for index in train)
    licenses = Counter(data.pieces[index].license or "not stated" for index in train)
    valid, test = (len(data.split(name)) for name in ("valid", "test"))
    rows = "\n".join(f"| {name} | {count} |" for name, count in licenses.most_common())
    return f"""# AudioGroove checkpoint

An LSTM-attention composer of symbolic music. Trained for {state["step"]} steps on {len(train)}
pieces with {notes} notes; {valid} and {test} pieces were held out.

## Data

| licence | pieces |
|---|---|
{rows}

## Recipe

```json
{json.dumps(state["recipe"], indent=1)}
```
"""
