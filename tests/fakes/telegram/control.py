"""The people's side over HTTP, for a fake that runs in another process.

POST /control/VERB with a JSON object; things are named by their ids. What is told of a message:
chat, message, reply_to, topic, sender, words, media, name, buttons (labels of rows), data (of the
same rows), reaction.

    user {name, username?} → {user}            private {user} → {chat}
    group, supergroup {title, members, admins?, forum?} → {chat}
    say {user, chat, text, reply_to?, topic?, age_s?}            → message
    send_file {user, chat, name, data (base64), caption?, claimed_size?, …as say} → message
    edit {user, chat, message, text}           → message
    delete {chat, message}
    press {user, chat, message, label}         → {press}; label: the button's, or its data
    answer {press, within_s?}                  → {text, show_alert}, or 504 when there is none
    open_topic {user, chat, name} → {topic}    close_topic, delete_topic {chat, topic}
    block {user}    kick, promote, add_bot {chat}
    migrate {chat} → {chat}
    messages {chat} → [message]                file {chat, message} → its bytes
    events {since?, within_s?} → [event]       waits for one with a number of `since` or more
    calls {since?} → [call]                    state {} → counts, violations, flood
    fail {method, times?, code?, description?, retry_after?, reset?, gate?, answer_gate?}
    open {gate}                                gates are named by the one who sets them
    outage {is_down}                           flood {is_enforced}
    polled {within_s?}                         waits until the bot asks for updates

The `at_s` of events and calls is `time.monotonic`, which is one clock for all processes of a
machine on Linux.
"""

import asyncio
import base64
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.telegram.chats import Chat, Json, Message, User
from tests.fakes.telegram.people import Where

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

Verb = Callable[[Json], Awaitable[object]]


class Control:
    """Does for a request what a test in the same process would call."""

    def __init__(self, fake: "TelegramFake") -> None:
        self._fake = fake
        self._gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._verbs: dict[str, Verb] = {
            name.removeprefix("_do_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("_do_")
        }

    def routes(self) -> list[web.RouteDef]:
        """Tell what is served where."""
        return [web.post("/control/{verb}", self._on_request)]

    async def _on_request(self, request: web.Request) -> web.Response:
        try:
            verb = self._verbs[request.match_info["verb"]]
            told = await verb(json.loads(await request.text() or "{}"))
        except (LookupError, TypeError, ValueError) as fault:
            return web.json_response({"error": repr(fault)}, status=400)
        except AssertionError as fault:
            return web.json_response({"error": str(fault)}, status=504)
        return web.Response(body=told) if isinstance(told, bytes) else web.json_response(told)

    def _user(self, asked: Json) -> User:
        return self._fake.world.users[asked["user"]]

    def _chat(self, asked: Json) -> Chat:
        return self._fake.world.chats[asked["chat"]]

    def _message(self, asked: Json, key: str = "message") -> Message:
        found = self._chat(asked).find(asked[key])
        if found is None:
            raise LookupError(f"no message {asked[key]}")
        return found

    def _where(self, asked: Json) -> Where:
        where = Where(age_s=asked.get("age_s", 0))
        if asked.get("reply_to"):
            where["reply_to"] = self._message(asked, "reply_to")
        if asked.get("topic"):
            where["topic"] = self._chat(asked).topics[asked["topic"]]
        return where

    async def _do_user(self, asked: Json) -> Json:
        return {"user": self._fake.user(asked["name"], asked.get("username", "")).id}

    async def _do_private(self, asked: Json) -> Json:
        return {"chat": self._fake.private(self._user(asked)).id}

    def _members(self, asked: Json, key: str) -> list[User]:
        return [self._fake.world.users[each] for each in asked.get(key, [])]

    async def _do_group(self, asked: Json) -> Json:
        members, admins = self._members(asked, "members"), self._members(asked, "admins")
        return {"chat": self._fake.group(asked["title"], *members, admins=admins).id}

    async def _do_supergroup(self, asked: Json) -> Json:
        members, admins = self._members(asked, "members"), self._members(asked, "admins")
        chat = self._fake.supergroup(
            asked["title"], *members, admins=admins, forum=asked.get("forum", False)
        )
        return {"chat": chat.id}

    async def _do_say(self, asked: Json) -> Json:
        said = await self._fake.say(
            self._user(asked), self._chat(asked), asked["text"], **self._where(asked)
        )
        return said.told

    async def _do_send_file(self, asked: Json) -> Json:
        sent = await self._fake.send_file(
            self._user(asked),
            self._chat(asked),
            asked["name"],
            base64.b64decode(asked["data"]),
            asked.get("caption", ""),
            claimed_size=asked.get("claimed_size"),
            **self._where(asked),
        )
        return sent.told

    async def _do_edit(self, asked: Json) -> Json:
        message = await self._fake.edit(self._user(asked), self._message(asked), asked["text"])
        return message.told

    async def _do_delete(self, asked: Json) -> Json:
        await self._fake.delete(self._message(asked))
        return {}

    async def _do_press(self, asked: Json) -> Json:
        press = await self._fake.press(self._user(asked), self._message(asked), asked["label"])
        return {"press": press.id}

    async def _do_answer(self, asked: Json) -> Json:
        answer = await self._fake.world.presses[asked["press"]].answer(asked.get("within_s", 5))
        return {"text": answer.text, "show_alert": answer.show_alert}

    async def _do_open_topic(self, asked: Json) -> Json:
        topic = await self._fake.open_topic(self._user(asked), self._chat(asked), asked["name"])
        return {"topic": topic.id}

    async def _do_close_topic(self, asked: Json) -> Json:
        await self._fake.close_topic(self._chat(asked).topics[asked["topic"]])
        return {}

    async def _do_delete_topic(self, asked: Json) -> Json:
        await self._fake.delete_topic(self._chat(asked).topics[asked["topic"]])
        return {}

    async def _do_block(self, asked: Json) -> Json:
        await self._fake.block(self._user(asked))
        return {}

    async def _do_kick(self, asked: Json) -> Json:
        await self._fake.kick(self._chat(asked))
        return {}

    async def _do_promote(self, asked: Json) -> Json:
        await self._fake.promote(self._chat(asked))
        return {}

    async def _do_add_bot(self, asked: Json) -> Json:
        await self._fake.add_bot(self._chat(asked))
        return {}

    async def _do_migrate(self, asked: Json) -> Json:
        return {"chat": (await self._fake.migrate(self._chat(asked))).id}

    async def _do_messages(self, asked: Json) -> list[Json]:
        return [message.told for message in self._chat(asked).messages]

    async def _do_file(self, asked: Json) -> bytes:
        media = self._message(asked).media
        if media is None:
            raise LookupError("no file in it")
        return media.data

    async def _do_events(self, asked: Json) -> list[Json]:
        since, events = asked.get("since", 0), self._fake.events
        if asked.get("within_s"):
            await self._fake.wait_for(lambda: len(events) > since, asked["within_s"])
        return [
            {"number": each.number, "at_s": each.at_s, "kind": each.kind, **each.told}
            for each in events[since:]
        ]

    async def _do_calls(self, asked: Json) -> list[Json]:
        return [
            {
                "method": call.method,
                "params": {
                    key: value for key, value in call.params.items() if key not in call.files
                },
                "files": {key: [part.name, len(part.data)] for key, part in call.files.items()},
                "at_s": call.at_s,
                "status": call.status,
                "description": call.description,
            }
            for call in self._fake.calls[asked.get("since", 0) :]
        ]

    async def _do_state(self, _: Json) -> Json:
        world = self._fake.world
        return {
            "calls": len(self._fake.calls),
            "events": len(self._fake.events),
            "polls": world.record.polls,
            "is_polled": world.updates.is_polled,
            "pending": len(world.updates.pending),
            "violations": self._fake.violations,
            "flood": [
                [each.rule, each.chat_id, each.method, each.wait_s]
                for each in self._fake.flood.violations
            ],
            "unanswered": [press.id for press in world.presses.values() if not press.given],
        }

    async def _do_fail(self, asked: Json) -> Json:
        how: dict[str, Any] = {
            key: value for key, value in asked.items() if key not in {"method", "times"}
        }
        for gate in {"gate", "answer_gate"} & how.keys():
            how[gate] = self._gates[how[gate]]
        self._fake.fail(asked["method"], times=asked.get("times", 1), **how)
        return {}

    async def _do_open(self, asked: Json) -> Json:
        self._gates[asked["gate"]].set()
        return {}

    async def _do_outage(self, asked: Json) -> Json:
        self._fake.set_down(is_down=asked["is_down"])
        return {}

    async def _do_polled(self, asked: Json) -> Json:
        updates = self._fake.world.updates
        await self._fake.wait_for(lambda: updates.is_polled, asked.get("within_s", 5))
        return {}

    async def _do_flood(self, asked: Json) -> Json:
        self._fake.flood.is_enforced = asked["is_enforced"]
        return {}
