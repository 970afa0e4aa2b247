"""A Hugging Face Hub on this machine: as much of its interface as its client needs for a model.

It runs beside the test, with two addresses: that of the Hub, and another one where large files lie,
to which it only ever redirects. It demands a token where the Hub does, records every request, and
can be told to fail. Uploads are "regular" or "lfs", as it is told; Xet it does not know.
"""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.hub.repositories import LINKED_SUFFIX, Commit, Repository, World, git_sha

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MAX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    origin: str
    method: str
    path: str  # with its query
    token: str  # of the Authorization header
    rest: str  # all other headers and the body


@dataclass
class Mood:
    """How the server fails, if it does."""

    statuses: dict[str, int] = field(default_factory=dict)  # by the end of a path
    corrupts: bool = False  # large files, a bit of them
    stalls_at: int | None = None  # bytes of a large file, after which it hangs up, once
    lfs: bool = False  # wants large files apart from the commit


class HubServer:
    """A Hub in a thread of its own; `with HubServer() as hub: … hub.url`."""

    def __init__(self) -> None:
        self.world = World()
        self.mood = Mood()
        self.asked: list[Asked] = []
        self.url = self.elsewhere = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._runner = web.AppRunner(self._app(), access_log=None)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the network; what was asked and what is kept can still be looked at."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        await self._runner.setup()
        for _ in range(2):
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url, self.elsewhere = (
            f"http://{host}:{port}" for host, port in self._runner.addresses
        )

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._middleware()], client_max_size=MAX_BYTES)
        model = "/api/models/{owner}/{name}"
        app.add_routes(
            [
                web.post("/api/repos/create", self._create),
                web.post("/api/validate-yaml", self._validate),
                web.get("/api/agent-harnesses", self._harnesses),
                web.get(model, self._info),
                web.get(model + "/revision/{revision}", self._info),
                web.get(model + "/tree/{revision}", self._tree),
                web.post(model + "/branch/{branch}", self._branch),
                web.post(model + "/preupload/{revision}", self._preupload),
                web.post(model + "/commit/{revision}", self._commit),
                web.post("/{owner}/{name}.git/info/lfs/objects/batch", self._batch),
                web.get("/{owner}/{name}/resolve/{revision}/{path}", self._resolve),
                web.put("/blobs/{sha}", self._keep),
                web.get("/blobs/{sha}", self._blob),
            ]
        )
        return app

    def _middleware(self) -> Any:
        @web.middleware
        async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
            others = {k: v for k, v in request.headers.items() if k.lower() != "authorization"}
            body = (await request.read()).decode("latin-1")
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            self.asked.append(
                Asked(
                    f"http://{request.host}",
                    request.method,
                    request.path_qs,
                    token,
                    f"{others} {body}",
                )
            )
            for end, status in self.mood.statuses.items():
                if request.path.endswith(end):
                    return refusal(status, "told to fail")
            return await handler(request)

        return record

    # Who asks, and for what

    def _owner(self, request: web.Request) -> str:
        told = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.world.tokens.get(told, "")

    def _home(self, request: web.Request) -> Repository:
        # one that the asker may read; private ones are answered for as if there were none
        found = self.world.repositories.get(name_of(request))
        if found is None or (found.private and self._owner(request) != owner_of(request)):
            raise refused(404 if self._owner(request) else 401, "RepoNotFound")
        return found

    def _mine(self, request: web.Request) -> Repository:
        # one that the asker may change
        found = self._home(request)
        if not self._owner(request):
            raise refused(401, "")
        if self._owner(request) != owner_of(request):
            raise refused(403, "")
        return found

    def _revision(self, request: web.Request, home: Repository) -> str:
        sha = home.find(request.match_info.get("revision", "main"))
        if sha is None:
            raise refused(404, "RevisionNotFound")
        return sha

    # What is asked of the Hub

    async def _create(self, request: web.Request) -> web.Response:
        told = await request.json()
        me = self._owner(request)
        if not me:
            return refusal(401, "Invalid username or password.")
        if told["organization"] not in {None, me}:
            return refusal(403, "You don't have the rights to create a model here")
        name = f"{me}/{told['name']}"
        url = {"url": f"{self.url}/{name}"}
        if name in self.world.repositories:
            return web.json_response(url, status=409)
        private = told.get("visibility") == "private"
        self.world.repositories[name] = Repository(private=private)
        return web.json_response(url)

    async def _validate(self, request: web.Request) -> web.Response:
        content = (await request.json())["content"]
        if "license: none-such" in content:
            fault = {"message": '"license" must be one of [mit, …]'}
            return web.json_response({"errors": [fault]}, status=400)
        return web.json_response({"errors": [], "warnings": []})

    async def _harnesses(self, _request: web.Request) -> web.Response:
        return web.json_response({"standardEnvVars": []})

    async def _info(self, request: web.Request) -> web.Response:
        home = self._home(request)
        sha = self._revision(request, home)
        files = [{"rfilename": name} for name in home.commits[sha].files]
        told = {"id": name_of(request), "sha": sha, "private": home.private, "siblings": files}
        return web.json_response(told)

    async def _tree(self, request: web.Request) -> web.Response:
        home = self._home(request)
        commit = home.commits[self._revision(request, home)]
        return web.json_response([entry(name, what) for name, what in commit.files.items()])

    async def _branch(self, request: web.Request) -> web.Response:
        home, branch = self._mine(request), request.match_info["branch"]
        if branch in home.branches:
            return web.json_response({}, status=409)
        home.branches[branch] = home.branches["main"]
        return web.json_response({})

    async def _preupload(self, request: web.Request) -> web.Response:
        home = self._mine(request)
        there = home.commits[self._revision(request, home)].files
        answers = []
        for file in (await request.json())["files"]:
            path = file["path"]
            apart = self.mood.lfs and path.endswith(LINKED_SUFFIX)
            oid = (sha256 if apart else git_sha)(there[path]) if path in there else None
            mode = "lfs" if apart else "regular"
            answers.append({"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": oid})
        return web.json_response({"files": answers})

    async def _batch(self, request: web.Request) -> web.Response:
        self._mine(request)
        objects = (await request.json())["objects"]
        for one in objects:
            if one["oid"] not in self.world.blobs:
                one["actions"] = {"upload": {"href": f"{self.elsewhere}/blobs/{one['oid']}"}}
        return web.json_response({"transfer": "basic", "objects": objects})

    async def _commit(self, request: web.Request) -> web.Response:
        home = self._mine(request)
        branch = request.match_info["revision"]
        parent = self._revision(request, home)
        lines = [json.loads(line) for line in (await request.text()).splitlines()]
        about = lines[0]["value"]
        if about.get("parentCommit") not in {None, parent}:
            return refusal(412, "A commit has happened since. Please refresh and try again.")
        files = dict(home.commits[parent].files)
        for line in lines[1:]:
            self._apply(line["key"], line["value"], files)
        sha = home.add(branch, Commit(about["summary"], files, parent))
        url = f"{self.url}/{name_of(request)}/commit/{sha}"
        return web.json_response({"commitUrl": url, "commitOid": sha})

    def _apply(self, key: str, told: dict[str, Any], files: dict[str, bytes]) -> None:
        """Do one line of a commit."""
        path = told["path"]
        if key == "deletedFile":
            del files[path]
        else:
            inline = key == "file"
            content = base64.b64decode(told["content"]) if inline else self.world.blobs[told["oid"]]
            files[path] = content
            self.world.blobs[sha256(content)] = content

    async def _resolve(self, request: web.Request) -> web.Response:
        home, path = self._home(request), request.match_info["path"]
        sha = self._revision(request, home)
        content = home.commits[sha].files.get(path)
        commit = {"X-Repo-Commit": sha}
        if content is None:
            raise refused(404, "EntryNotFound", commit)
        if not path.endswith(LINKED_SUFFIX):
            return web.Response(body=content, headers=commit | {"ETag": f'"{git_sha(content)}"'})
        linked = {"X-Linked-Etag": f'"{sha256(content)}"', "X-Linked-Size": str(len(content))}
        where = {"Location": f"{self.elsewhere}/blobs/{sha256(content)}"}
        return web.Response(status=302, headers=commit | linked | where)

    # Where large files lie

    async def _keep(self, request: web.Request) -> web.Response:
        content, sha = await request.read(), request.match_info["sha"]
        if sha256(content) != sha:
            return refusal(400, "another file than was announced")
        self.world.blobs[sha] = content
        return web.Response()

    async def _blob(self, request: web.Request) -> web.StreamResponse:
        content = self.world.blobs[request.match_info["sha"]]
        if self.mood.corrupts:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        reply = web.StreamResponse()
        reply.content_length = len(content)
        await reply.prepare(request)
        if self.mood.stalls_at is None:
            await reply.write(content)
            return reply
        await reply.write(content[: self.mood.stalls_at])
        self.mood = replace(self.mood, stalls_at=None)
        if request.transport is not None:
            request.transport.close()
        return reply


def name_of(request: web.Request) -> str:
    """Say which repository is meant."""
    return f"{request.match_info['owner']}/{request.match_info['name']}"


def owner_of(request: web.Request) -> str:
    """Say whose it is."""
    return request.match_info["owner"]


def entry(path: str, content: bytes) -> dict[str, object]:
    """Describe a file as a tree does."""
    about: dict[str, object] = {
        "type": "file",
        "path": path,
        "size": len(content),
        "oid": git_sha(content),
    }
    if path.endswith(LINKED_SUFFIX):
        about["lfs"] = {"oid": sha256(content), "size": len(content), "pointerSize": 134}
    return about


def sha256(content: bytes) -> str:
    """Hash a file as LFS does."""
    return hashlib.sha256(content).hexdigest()


def refusal(status: int, message: str) -> web.Response:
    """Answer as the Hub does when it will not."""
    return web.json_response({"error": message}, status=status)


def refused(status: int, code: str, headers: dict[str, str] | None = None) -> web.HTTPException:
    """Make what ends a request with a status and the Hub's own code."""
    about = (headers or {}) | ({"X-Error-Code": code} if code else {})
    kinds: dict[int, type[web.HTTPException]] = {
        401: web.HTTPUnauthorized,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
    }
    return kinds[status](headers=about)
