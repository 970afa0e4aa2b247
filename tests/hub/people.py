"""Two people with an account on the Hub, and how each of them asks."""

from huggingface_hub import HfApi

from audiogroove.hub.reference import Reference
from tests.hub.server import HubServer

ANN, BOB = "ann", "bob"
TOKENS = {ANN: "hf_annsCanaryMTk4NjIyNDgzNDcx", BOB: "hf_bobsCanaryOTI1MjQ4MTk4NjIy"}
TUNES = Reference("ann/tunes")


def api_of(hub: HubServer, person: str | None = ANN) -> HfApi:
    """Make the client of a person, or of somebody who is not known."""
    return HfApi(endpoint=hub.url, token=TOKENS[person] if person else False)
