"""How wrong the network is: nats a note, field by field.

The likelihood of a note is the product over its chained fields, so its negative logarithm is the
sum of six cross-entropies, each given the fields decided before it. The end of a piece is one
more value of the field "bar"; its cost is counted there and shared out over the notes.
"""

from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (the field's name for it)

from audiogroove.model.network import FIELDS, Network
from audiogroove.training.windows import Batch


def field_losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """Give each field's loss in nats at each step, shape (B, T), zero where there is no note."""
    memory = network.encode(batch.memory)
    hidden, _ = network(batch.inputs, memory)
    return field_losses_of(network, hidden, batch)


def field_losses_of(network: Network, hidden: Tensor, batch: Batch) -> dict[str, Tensor]:
    """As `field_losses`, from hidden states (B, T, hidden) that are already there."""
    logits = network.logits(hidden, batch.chosen)
    losses = {}
    for field in FIELDS:
        target = batch.velocity if field == "velocity" else getattr(batch.chosen, field)
        loss = F.cross_entropy(
            logits[field].float().flatten(0, 1), target.flatten(), reduction="none"
        )
        counted = batch.weight if field == "bar" else batch.sounding
        losses[field] = loss.view_as(target) * counted
    return losses


def nats_a_note(losses: dict[str, Tensor], batch: Batch) -> Tensor:
    """Average the sum of all fields' losses over the notes of a batch."""
    total = sum((loss.sum() for loss in losses.values()), start=batch.sounding.new_zeros(()))
    return total / batch.sounding.sum().clamp(min=1)
