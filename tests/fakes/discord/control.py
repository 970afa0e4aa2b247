"""The same Discord for another process: what people do, and what the bot did, as JSON over HTTP.

    POST /control/add_guild      {"name": "Studio", "has_bot": true}        → {"id": …}
    POST /control/add_channel    {"guild": id, "name": "general"}           → {"id": …}
    POST /control/add_thread     {"channel": id, "name": "jam"}             → {"id": …}
    POST /control/add_user       {"name": "ann"}                            → {"id": …}
    POST /control/direct         {"user": id}                               → {"id": …} (a channel)
    POST /control/slash          {"user", "channel", "command", "options", "attachment"?}
    POST /control/autocomplete   {"user", "channel", "command", "focused": [name, typed]}
    POST /control/context_menu   {"user", "message", "name"}
    POST /control/press          {"user", "message", "button"}
    POST /control/submit_modal   {"interaction", "values"}                  → an interaction each
    POST /control/say            {"user", "channel", "text", "files"?, "mention_bot"?, "reply_to"?}
    POST /control/delete         {"message"}
    POST /control/wait           {"until": "ready" | "acknowledged" | "original" | "delivered",
                                  "interactions": [id, …], "within_s": 10}
    POST /control/fail           {"method", "path", "times"?, "status"?, "is_reset"?, …}
    POST /control/gateway        {"do": "drop" | "abort" | "reconnect" | "invalid_session"}
    POST /control/advance        {"seconds"}
    POST /control/expire         {"interaction"};   POST /control/expire_links {}
    GET  /control/interactions?id=…&id=…    their state: times, answer, followups (all without id)
    GET  /control/messages?channel=…        what was said there
    GET  /control/news?since=NUMBER         what all messages looked like from when on, in order
    GET  /control/record                    calls, violations, flood

Ids are strings. A file is {"name", "base64"}, also among options and values; what the bot sent is
fetched by its url. All times are of one clock, in seconds, so that a benchmark can subtract them.
What the app would not let a person do is answered 409. Wait for many interactions in one request:
each that waits looks again at every change.
"""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from typing_extensions import override

from tests.fakes.discord.commands import Impossible
from tests.fakes.discord.record import Call, Json
from tests.fakes.discord.server import DiscordFake
from tests.fakes.discord.world import Interaction, Message, Snapshot

Action = Callable[[Json], Awaitable[Any]]


class ControlledFake(DiscordFake):
    """A DiscordFake that also serves `/control/…`."""

    @override
    def _extend(self, app: web.Application) -> None:
        app.router.add_get("/control/interactions", self._show_interactions)
        app.router.add_get("/control/messages", self._show_messages)
        app.router.add_get("/control/news", self._show_news)
        app.router.add_get("/control/record", self._show_record)
        app.router.add_post("/control/{action}", self._act)

    def _actions(self) -> dict[str, Action]:
        return {
            "add_guild": self._add_guild,
            "add_channel": self._add_channel,
            "add_thread": self._add_thread,
            "add_user": self._add_user,
            "direct": self._direct,
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "context_menu": self._context_menu,
            "press": self._press,
            "submit_modal": self._submit_modal,
            "say": self._say,
            "delete": self._delete,
            "wait": self._wait,
            "fail": self._fail,
            "gateway": self._gateway,
            "advance": self._advance,
            "expire": self._expire,
            "expire_links": self._expire_links,
        }

    async def _act(self, request: web.Request) -> web.Response:
        action = self._actions().get(request.match_info["action"])
        if action is None:
            return web.json_response({"error": "no such action"}, status=404)
        try:
            return web.json_response(await action(await request.json()) or {})
        except (Impossible, AssertionError) as why:
            return web.json_response({"error": str(why)}, status=409)

    # --- the world

    async def _add_guild(self, asked: Json) -> Json:
        has_bot = asked.get("has_bot", True)
        return named(self.add_guild(asked.get("name", "Studio"), has_bot=has_bot))

    async def _add_channel(self, asked: Json) -> Json:
        guild = self.world.guilds[int(asked["guild"])]
        return named(self.add_channel(guild, asked.get("name", "general")))

    async def _add_thread(self, asked: Json) -> Json:
        parent = self.world.channels[int(asked["channel"])]
        return named(self.add_thread(parent, asked.get("name", "thread")))

    async def _add_user(self, asked: Json) -> Json:
        return named(self.add_user(asked["name"], locale=asked.get("locale", "en-US")))

    async def _direct(self, asked: Json) -> Json:
        return named(self.direct(self.world.users[int(asked["user"])]))

    # --- people

    async def _slash(self, asked: Json) -> Json:
        return named(
            await self.slash(
                self.world.users[int(asked["user"])],
                self.world.channels[int(asked["channel"])],
                asked["command"],
                with_files(asked.get("options") or {}),
                attachment=as_file(asked.get("attachment")),
            )
        )

    async def _autocomplete(self, asked: Json) -> Json:
        name, typed = asked["focused"]
        return named(
            await self.autocomplete(
                self.world.users[int(asked["user"])],
                self.world.channels[int(asked["channel"])],
                asked["command"],
                (name, typed),
                asked.get("options") or {},
            )
        )

    async def _context_menu(self, asked: Json) -> Json:
        message = self.world.messages[int(asked["message"])]
        user = self.world.users[int(asked["user"])]
        return named(await self.context_menu(user, message, asked["name"]))

    async def _press(self, asked: Json) -> Json:
        message = self.world.messages[int(asked["message"])]
        user = self.world.users[int(asked["user"])]
        return named(await self.press(user, message, asked["button"]))

    async def _submit_modal(self, asked: Json) -> Json:
        opened = self.world.interactions[int(asked["interaction"])]
        return named(await self.submit_modal(opened, with_files(asked["values"])))

    async def _say(self, asked: Json) -> Json:
        reply_to = asked.get("reply_to")
        files = [as_file(each) for each in asked.get("files") or []]
        return named(
            await self.say(
                self.world.users[int(asked["user"])],
                self.world.channels[int(asked["channel"])],
                asked.get("text", ""),
                files=[each for each in files if each is not None],
                mention_bot=asked.get("mention_bot", False),
                reply_to=self.world.messages[int(reply_to)] if reply_to else None,
            )
        )

    async def _delete(self, asked: Json) -> None:
        await self.delete(self.world.messages[int(asked["message"])])

    # --- time and weather

    async def _wait(self, asked: Json) -> None:
        reached: dict[str, Callable[[Interaction], bool]] = {
            "acknowledged": lambda each: each.callback is not None,
            "original": lambda each: bool(each.response and not each.response.is_loading),
            "delivered": lambda each: bool(each.response and each.response.files),
        }
        within_s = float(asked.get("within_s", 10.0))
        if asked["until"] == "ready":
            await self.bot_ready(within_s)
            return
        waiting = [self.world.interactions[int(each)] for each in asked["interactions"]]

        def all_reached() -> bool:
            while waiting and reached[asked["until"]](waiting[-1]):
                waiting.pop()
            return not waiting

        await self.wait_for(all_reached, within_s)

    async def _fail(self, asked: Json) -> None:
        self.fail(**asked)

    async def _gateway(self, asked: Json) -> None:
        doing = {
            "drop": self.gateway.drop,
            "abort": self.gateway.abort,
            "reconnect": self.gateway.reconnect,
            "invalid_session": self.gateway.invalid_session,
        }
        doing[asked["do"]]()

    async def _advance(self, asked: Json) -> None:
        self.clock.advance(float(asked["seconds"]))

    async def _expire(self, asked: Json) -> None:
        self.expire(self.world.interactions[int(asked["interaction"])])

    async def _expire_links(self, _asked: Json) -> None:
        self.expire_links()

    # --- what happened

    async def _show_interactions(self, request: web.Request) -> web.Response:
        wanted = [int(each) for each in request.query.getall("id", [])]
        found = [self.world.interactions[each] for each in wanted] if wanted else self.interactions
        return web.json_response([interaction_state(each) for each in found])

    async def _show_messages(self, request: web.Request) -> web.Response:
        channel = self.world.channels[int(request.query["channel"])]
        return web.json_response([message_state(each) for each in channel.all_messages])

    async def _show_news(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        return web.json_response([look_state(*each) for each in self.world.news[since:]])

    async def _show_record(self, _request: web.Request) -> web.Response:
        flood = {
            "over_global": self.flood.over_global,
            "by_route": self.flood.by_route,
            "invalid": self.flood.invalid,
        }
        calls = [call_state(each) for each in self.record.calls]
        return web.json_response({"calls": calls, "violations": self.violations, "flood": flood})


def named(made: Any) -> Json:
    """Give the id of whatever was made."""
    return {"id": str(made.id)}


def as_file(sent: Json | None) -> tuple[str, bytes] | None:
    """Read a file."""
    return None if sent is None else (sent["name"], base64.b64decode(sent["base64"]))


def with_files(values: Json) -> Json:
    """Read values of which some may be files."""
    return {
        key: as_file(value) if isinstance(value, dict) and "base64" in value else value
        for key, value in values.items()
    }


def message_state(said: Message | None) -> Json | None:
    """Describe a message as people see it, with all that it ever was."""
    if said is None:
        return None
    files = [{"name": each.name, "size": len(each.data), "url": each.url} for each in said.files]
    buttons = [
        {"label": each.label, "custom_id": each.custom_id, "is_disabled": each.is_disabled}
        for each in said.buttons
    ]
    history = [
        {"at_s": each.at_s, "content": each.content, "files": list(each.files)}
        for each in said.history
    ]
    return {
        "id": str(said.id),
        "author": str(said.author.id),
        "content": said.content,
        "files": files,
        "embeds": said.embeds,
        "buttons": buttons,
        "history": history,
        "reply_to": str(said.reply_to.id) if said.reply_to else None,
        "thread": str(said.thread.id) if said.thread else None,  # a channel
        "reactions": said.reactions,
        "is_ephemeral": said.is_ephemeral,
        "is_loading": said.is_loading,
        "is_deleted": said.is_deleted,
    }


def look_state(said: Message, shown: Snapshot) -> Json:
    """Describe what a message looked like at one time, and where it is."""
    parent = said.channel.parent
    return {
        "at_s": shown.at_s,
        "message": str(said.id),
        "channel": str(said.channel.id),
        "parent": str(parent.id) if parent else None,  # of a thread
        "is_bot": said.author.is_bot,
        "content": shown.content,
        "files": list(shown.files),
        "buttons": list(shown.buttons),
        "custom_ids": list(shown.custom_ids),
        "is_ephemeral": said.is_ephemeral,
        "is_deleted": said.is_deleted,
    }


def interaction_state(asked: Interaction) -> Json:
    """Describe an interaction and its answers."""
    return {
        "id": str(asked.id),
        "dispatched_s": asked.dispatched_s,
        "acknowledged_s": asked.acknowledged_s,
        "callback": asked.callback,
        "response": message_state(asked.response),
        "followups": [message_state(each) for each in asked.followups],
        "choices": asked.choices,
        "modal": asked.modal,
    }


def call_state(call: Call) -> Json:
    """Describe a request."""
    return {
        "at_s": call.at_s,
        "method": call.method,
        "path": call.path,
        "route": call.route,
        "status": call.status,
        "code": call.code,
        "body": call.body,
        "files": [{"name": each.name, "size": len(each.data)} for each in call.files],
    }
