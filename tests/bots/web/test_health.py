"""What the host's programs are told."""

from tests.bots.web.client import Client
from tests.bots.web.stage import Stage


async def test_all_is_well(ann: Client) -> None:
    """When model and store are ready."""
    told = await ann.get("/healthz")
    assert told.status == 200
    assert told.told == {"status": "ok", "model": True, "store": True, "facts": {}}
    assert "Set-Cookie" not in told.headers


async def test_without_a_model_nothing_is_well(stage: Stage, ann: Client) -> None:
    """A host sends nobody here then."""
    stage.is_ready = False
    told = await ann.get("/healthz")
    assert (told.status, told.told["missing"]) == (503, ["model"])


async def test_without_a_store_nothing_is_well(stage: Stage, ann: Client) -> None:
    """The file is there and no longer a database."""
    await ann.get("/healthz")
    stage.spoil_store()
    told = await ann.get("/healthz")
    assert (told.status, told.told["missing"]) == (503, ["store"])


async def test_metrics_are_not_told_to_the_world(ann: Client) -> None:
    """It comes through the host's proxy, a collector does not."""
    told = await ann.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert told.status == 404


async def test_metrics_are_told_to_their_collector(ann: Client) -> None:
    """In Prometheus' text format."""
    await ann.composed()
    told = await ann.get("/metrics")
    assert told.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b'audiogroove_requests_total{platform="web",verb="compose"} 1.0' in told.body
