"""The description of the interface, held against the interface."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from audiogroove.wishes import WISHES
from bots.conversation import Quota
from bots.web.compositions import Compositions
from bots.web.faults import STATUS, Code
from tests.bots.web.client import Answer, Client, client_of
from tests.bots.web.stage import Setting, Stage
from tests.dialogues.stage import FILES


class Description:
    """The description as it is served."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Read it."""
        self.told = told
        resource = Resource.from_contents(told, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:openapi", resource)

    def check(self, method: str, path: str, answer: Answer) -> None:
        """See that an answer is one that is described."""
        responses = self.told["paths"][path][method]["responses"]
        response = responses[str(answer.status)]
        if "$ref" in response:
            response = self.told["components"]["responses"]["Error"]
        if "content" not in response:
            assert not answer.body
            return
        schema = response["content"][answer.headers["Content-Type"].partition(";")[0]]["schema"]
        self.validate(schema, answer.told)

    def validate(self, schema: dict[str, Any], told: object) -> None:
        """Hold values against a schema."""
        absolute = {"$ref": f"urn:openapi{schema['$ref']}"} if "$ref" in schema else schema
        Draft202012Validator(absolute, registry=self._registry).validate(told)


@pytest.fixture
async def description(ann: Client) -> Description:
    """Ask for the description.

    Returns:
        The description.
    """
    return Description((await ann.get("/api/openapi.json")).told)


async def test_every_address_is_described_and_no_other(
    stage: Stage, description: Description
) -> None:
    """With each of its methods."""
    served = {(route.path, route.method) for route in stage.front.routes(Compositions())}
    described = {
        (path, method.upper())
        for path, methods in description.told["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert described == served


async def test_answers_are_as_described(ann: Client, description: Description) -> None:
    """From the request to the score."""
    one = "/api/compositions/{id}"
    description.check("get", "/api/options", await ann.get("/api/options"))
    taken = await ann.ask(wishes={"bars": 2})
    description.check("post", "/api/compositions", taken)
    token = taken.told["id"]
    await ann.finished(token)
    path = f"/api/compositions/{token}"
    description.check("get", one, await ann.get(path))
    description.check("get", f"{one}/score", await ann.get(f"{path}/score"))
    uploaded = await ann.upload(FILES["tune.mid"], wishes={"bars": 2})
    await ann.finished(uploaded.told["id"])
    longer = await ann.get(f"/api/compositions/{uploaded.told['id']}")
    assert longer.told["piece"]["new"]
    description.check("get", one, longer)
    description.check("delete", one, await ann.send("DELETE", path))
    description.check("get", one, await ann.get(path))
    description.check("delete", "/api/me", await ann.send("DELETE", "/api/me"))
    description.check("get", "/healthz", await ann.get("/healthz"))


async def test_refusals_are_as_described(tmp_path: Path, description: Description) -> None:
    """Each with its status."""
    folder = tmp_path / "quota"
    folder.mkdir()
    async with Stage(folder, Setting(person=Quota(1, 1))) as stage, client_of(stage) as ann:
        answers = [
            await ann.ask("compose", wishes={"tempo": "9000"}),
            await ann.ask("compose", text="blorp"),
            await ann.ask("vary"),
            await ann.ask("sing"),
            await ann.upload(FILES["cat.mid"]),
            await ann.upload(FILES["huge.mid"]),
            await ann.send("POST", "/api/compositions", data=b"text"),
        ]
        await ann.composed()
        answers.append(await ann.ask())
    for answer in answers:
        description.check("post", "/api/compositions", answer)
    assert {answer.status for answer in answers} == {400, 404, 413, 415, 422, 429}


async def test_a_schema_refuses_what_is_not_described(description: Description) -> None:
    """Else the tests above could not fail."""
    with pytest.raises(ValidationError):
        description.validate({"$ref": "#/components/schemas/Composition"}, {"id": "a"})


async def test_every_code_is_described(description: Description) -> None:
    """And has a status that its answers have."""
    schema = description.told["components"]["schemas"]["Fault"]
    assert set(schema["properties"]["code"]["enum"]) == set(Code) == set(STATUS)


async def test_every_wish_is_described(description: Description) -> None:
    """With an example that the description itself takes."""
    schema = description.told["components"]["schemas"]["Asked"]["properties"]["wishes"]
    assert set(schema["properties"]) == {wish.name for wish in WISHES}
