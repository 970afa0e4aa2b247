"""Everything said to a platform has its turn, keeps its pace, and ends exactly once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

import pytest
from asyncio_throttle.throttler import Throttler
from typing_extensions import override

from bots.chat import Undeliverable, Unreachable
from bots.pace import Limit, Pace
from bots.sender import MAX_RETRIES, Sender, Urgency
from tests.bots.clock import in_no_time, now_s

PLENTY = 1000  # a second
PIECE, ANSWER, STATUS = Urgency


@dataclass
class Platform:
    """Notes what arrives; a message takes `takes_s`, or fails with the next fault there is."""

    takes_s: float = 0.0
    faults: list[Exception] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    finished: int = 0

    def message(self, text: str) -> Callable[[], Awaitable[str]]:
        """Make a call that says this."""

        async def call() -> str:
            self.arrived.append(text)
            self.times_s.append(now_s())
            await asyncio.sleep(self.takes_s)
            if self.faults:
                raise self.faults.pop(0)
            self.finished += 1
            return text.upper()

        return call


def sender_of(*limits: Limit, per_second: int = PLENTY) -> Sender:
    """Make a sender with the same limits for every chat."""
    return Sender(Throttler(per_second), Pace(lambda _chat: limits), clock=now_s)


async def told(task: asyncio.Task[str]) -> str:
    """Tell how a send ended."""
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    return outcome if isinstance(outcome, str) else type(outcome).__name__


@in_no_time
async def test_who_asked_gets_the_result_of_the_call() -> None:
    """As if the call had been made at once."""
    async with sender_of() as sender:
        assert await sender.send("a", Platform().message("hello")) == "HELLO"


@in_no_time
async def test_who_asked_gets_the_error_of_the_call() -> None:
    """Whatever it is; it is nobody else's, and is not tried again."""
    platform = Platform(faults=[Undeliverable("gone"), KeyError("a flaw of ours")])
    async with sender_of() as sender:
        with pytest.raises(Undeliverable):
            await sender.send("a", platform.message("one"))
        with pytest.raises(KeyError):
            await sender.send("a", platform.message("two"))
        assert await sender.send("a", platform.message("three")) == "THREE"
    assert platform.arrived == ["one", "two", "three"]


@in_no_time
async def test_first_come_first_served() -> None:
    """Within a chat and between chats."""
    platform = Platform()
    async with sender_of() as sender, asyncio.TaskGroup() as group:
        for chat, text in ("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("c", "5"), ("a", "6"):
            group.create_task(sender.send(chat, platform.message(text)))
    assert platform.arrived == ["1", "2", "4", "3", "5", "6"]  # 4 before 3: "a" was just served


@in_no_time
async def test_pieces_go_first_and_changes_of_status_last() -> None:
    """Whoever came first; for nobody waits so much as for a piece."""
    platform = Platform()
    async with sender_of(per_second=1) as sender, asyncio.TaskGroup() as group:
        for number, urgency in enumerate([STATUS, ANSWER, PIECE, STATUS, PIECE, ANSWER]):
            call = platform.message(urgency.name)
            group.create_task(sender.send(f"chat {number}", call, urgency))
    assert platform.arrived == ["PIECE", "PIECE", "ANSWER", "ANSWER", "STATUS", "STATUS"]


@in_no_time
async def test_a_late_piece_overtakes_in_its_own_chat() -> None:
    """Words that wait for the pace of a chat do not stand in the way of its piece."""
    platform = Platform()
    async with sender_of(Limit(1, 3.0)) as sender, asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(sender.send("a", platform.message(f"edit {number}"), STATUS))
        await asyncio.sleep(1)
        group.create_task(sender.send("a", platform.message("piece"), PIECE))
    assert platform.arrived == ["edit 0", "piece", "edit 1", "edit 2"]


@in_no_time
async def test_a_chat_is_sent_one_message_at_a_time() -> None:
    """So that they are seen in order, however long each takes; other chats do not wait."""
    slow, quick = Platform(takes_s=5.0), Platform()
    async with sender_of() as sender, asyncio.TaskGroup() as group:
        began_s = now_s()
        for number in range(3):
            group.create_task(sender.send("a", slow.message(str(number))))
            group.create_task(sender.send(f"b{number}", quick.message(str(number))))
    assert [at_s - began_s for at_s in slow.times_s] == pytest.approx([0, 5, 10])
    assert [at_s - began_s for at_s in quick.times_s] == [0, 0, 0]


@in_no_time
async def test_a_loud_chat_does_not_starve_a_quiet_one() -> None:
    """A newcomer waits for its turn, not for another's pile."""
    platform = Platform()
    sender = Sender(Throttler(1, period=0.1), Pace(lambda _chat: ()), clock=now_s)
    async with sender, asyncio.TaskGroup() as group:
        for number in range(50):
            group.create_task(sender.send("loud", platform.message(f"loud {number}")))
        await asyncio.sleep(1.5)
        for number in range(3):
            group.create_task(sender.send("quiet", platform.message(f"quiet {number}")))
    first = platform.arrived.index("quiet 0")
    speakers = [text.split()[0] for text in platform.arrived[first : first + 5]]
    assert speakers == ["quiet", "loud", "quiet", "loud", "quiet"]
    assert first < 25


@in_no_time
async def test_waiting_costs_one_alarm() -> None:
    """However many come meanwhile, nobody is woken for each of them."""
    platform = Platform()
    async with sender_of(Limit(1, 3600.0)) as sender:
        sends = [asyncio.create_task(sender.send("a", platform.message("one")))]
        before = len(asyncio.all_tasks())
        for _ in range(20):
            await asyncio.sleep(1)
            sends.append(asyncio.create_task(sender.send("a", platform.message("more"))))
        await asyncio.sleep(1)
        assert len(asyncio.all_tasks()) <= before + 20 + 1
    await asyncio.gather(*sends, return_exceptions=True)


@in_no_time
async def test_a_chat_waits_for_its_own_pace_only() -> None:
    """One that may not be written to now holds nobody up."""
    platform = Platform()
    async with sender_of(Limit(1, 60.0)) as sender, asyncio.TaskGroup() as group:
        began_s = now_s()
        for number in range(2):
            group.create_task(sender.send("a", platform.message(f"a{number}"), PIECE))
        for number in range(20):
            group.create_task(sender.send(f"chat {number}", platform.message("b"), STATUS))
    at_s = dict(zip(platform.arrived, platform.times_s, strict=True))
    assert at_s["b"] == began_s
    assert at_s["a1"] == pytest.approx(began_s + 60)


@in_no_time
async def test_the_platform_is_never_sent_more_than_it_takes() -> None:
    """The throttler's word holds for all chats together."""
    platform = Platform()
    async with sender_of(per_second=30) as sender, asyncio.TaskGroup() as group:
        for number in range(90):
            group.create_task(sender.send(f"chat {number}", platform.message("hi")))
    pairs = zip(platform.times_s, platform.times_s[30:], strict=False)
    assert all(later_s - first_s > 1.0 for first_s, later_s in pairs)
    assert platform.times_s[-1] - platform.times_s[0] < 2.1


@in_no_time
async def test_only_one_ever_waits_for_the_throttler() -> None:
    """It polls, and is not fair to a crowd."""
    crowd, most = 0, 0

    class Watched(Throttler):
        @override
        async def acquire(self) -> None:
            nonlocal crowd, most
            crowd += 1
            most = max(most, crowd)
            await super().acquire()  # type: ignore[no-untyped-call]  # it has no annotations
            crowd -= 1

    platform = Platform()
    sender = Sender(Watched(5), Pace(lambda _chat: ()), clock=now_s)
    async with sender, asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(sender.send(f"chat {number}", platform.message("hi")))
    assert len(platform.arrived) == 20
    assert most == 1


@in_no_time
async def test_cancelled_while_waiting_means_not_sent() -> None:
    """And the next in line goes on as if it had never been there."""
    platform = Platform()
    async with sender_of(Limit(1, 10.0)) as sender:
        sends = [asyncio.create_task(sender.send("a", platform.message(t))) for t in "123"]
        await sends[0]
        sends[1].cancel()
        assert await told(sends[1]) == "CancelledError"
        assert await told(sends[2]) == "3"
    assert platform.arrived == ["1", "3"]


@in_no_time
async def test_cancelled_in_flight_it_arrives_all_the_same() -> None:
    """It cannot be called back: who asked learns how it went, as often as they are cancelled."""
    platform = Platform(takes_s=10.0)
    async with sender_of() as sender:
        send = asyncio.create_task(sender.send("a", platform.message("hello")))
        for _ in range(3):
            await asyncio.sleep(1)
            send.cancel()
        assert (await told(send), send.cancelling()) == ("HELLO", 3)  # they can still tell
    assert platform.finished == 1


@in_no_time
async def test_cancelled_as_the_answer_comes_it_is_not_lost() -> None:
    """The message is out: its address must reach who asked."""
    platform = Platform()
    async with sender_of() as sender:
        send: asyncio.Task[str]

        def cancel_soon() -> None:
            asyncio.get_running_loop().call_soon(send.cancel)  # just when the outcome is known

        async def call() -> str:
            asyncio.get_running_loop().call_soon(cancel_soon)
            return await platform.message("hello")()

        send = asyncio.create_task(sender.send("a", call))
        assert await told(send) == "HELLO"


@in_no_time
async def test_a_platform_that_names_a_time_is_asked_again_then() -> None:
    """Its other chats are served meanwhile."""
    platform, other = Platform(faults=[Unreachable("too fast", retry_after_s=7.0)]), Platform()
    async with sender_of() as sender, asyncio.TaskGroup() as group:
        began_s = now_s()
        group.create_task(sender.send("a", platform.message("first")))
        group.create_task(sender.send("a", platform.message("second")))
        await asyncio.sleep(1)
        group.create_task(sender.send("b", other.message("other")))
    assert platform.arrived == ["first", "first", "second"]
    assert platform.times_s[1] - began_s == pytest.approx(7.0)
    assert other.times_s == [began_s + 1]


@in_no_time
async def test_after_five_more_tries_it_is_given_up() -> None:
    """With the platform's last word; the chat stays on hold for it."""
    faults: list[Exception] = [Unreachable(str(n), retry_after_s=2.0) for n in range(9)]
    platform = Platform(faults=faults)
    async with sender_of() as sender:
        began_s = now_s()
        with pytest.raises(Unreachable, match="5"):
            await sender.send("a", platform.message("hello"))
        assert len(platform.arrived) == 1 + MAX_RETRIES
        faults.clear()
        await sender.send("a", platform.message("next"))
        assert platform.times_s[-1] - began_s == pytest.approx(12.0)


@in_no_time
async def test_what_may_have_arrived_is_not_sent_twice() -> None:
    """Without a time it was a time-out or a broken line, and who asked decides."""
    platform = Platform(faults=[Unreachable("timed out")])
    async with sender_of() as sender:
        with pytest.raises(Unreachable, match="timed out"):
            await sender.send("a", platform.message("hello"))
    assert platform.arrived == ["hello"]


@in_no_time
async def test_cancelled_on_hold_it_is_not_tried_again() -> None:
    """It has not arrived, so it can still be withdrawn."""
    platform = Platform(faults=[Unreachable("too fast", retry_after_s=7.0)])
    async with sender_of() as sender:
        send = asyncio.create_task(sender.send("a", platform.message("hello")))
        await asyncio.sleep(1)
        send.cancel()
        assert await told(send) == "CancelledError"
        await asyncio.sleep(10)
    assert platform.arrived == ["hello"]


@in_no_time
async def test_a_call_that_is_cut_off_is_an_error_and_no_cancellation() -> None:
    """Nobody cancelled the one who asked."""

    async def cut_off() -> str:
        raise asyncio.CancelledError

    async with sender_of() as sender:
        with pytest.raises(Unreachable, match="cut off"):
            await sender.send("a", cut_off)


@in_no_time
async def test_closing_ends_what_waits_and_finishes_what_is_in_flight() -> None:
    """Nobody is left to wait for a sender that is gone."""
    platform = Platform(takes_s=5.0)
    async with sender_of() as sender:
        sends = [asyncio.create_task(sender.send("a", platform.message(t))) for t in "123"]
        await asyncio.sleep(1)
    assert [await told(send) for send in sends] == ["1", "Unreachable", "Unreachable"]
    assert platform.finished == 1
    with pytest.raises(Unreachable):
        await sender.send("a", platform.message("4"))


@in_no_time
async def test_nothing_is_tried_again_after_closing() -> None:
    """There is nobody left who would."""
    platform = Platform(takes_s=5.0, faults=[Unreachable("too fast", retry_after_s=7.0)])
    async with sender_of() as sender:
        send = asyncio.create_task(sender.send("a", platform.message("hello")))
        await asyncio.sleep(1)
    assert await told(send) == "Unreachable"
    assert platform.arrived == ["hello"]


@in_no_time
async def test_closing_in_a_hurry_cuts_off_what_is_in_flight() -> None:
    """When whoever closes it has no more time."""
    platform = Platform(takes_s=3600.0)
    sends: list[asyncio.Task[str]] = []

    async def run() -> None:
        async with sender_of() as sender:
            sends.append(asyncio.create_task(sender.send("a", platform.message("hello"))))
            await asyncio.sleep(1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(run(), 10.0)
    assert await told(sends[0]) == "Unreachable"
    assert platform.finished == 0


@in_no_time
async def test_a_flaw_of_ours_leaves_nobody_waiting() -> None:
    """Should the consumer itself break, all hear of it, and so does who closes it."""

    def broken(_chat: str) -> tuple[Limit, ...]:
        raise LookupError("no such chat")

    async def run() -> None:
        async with Sender(Throttler(PLENTY), Pace(broken), clock=now_s) as sender:
            with pytest.raises(Unreachable):
                await sender.send("a", Platform().message("hello"))

    with pytest.raises(LookupError, match="no such chat"):
        await run()


@in_no_time
async def test_it_is_behind_with_more_than_two_seconds_of_work() -> None:
    """Then changes of status are best left out."""
    platform = Platform()
    async with sender_of(Limit(1, 60.0), per_second=5) as sender, asyncio.TaskGroup() as group:
        for number in range(11):
            group.create_task(sender.send("a", platform.message(str(number))))
        await asyncio.sleep(0.5)
        assert len(platform.arrived) == 1
        assert not sender.is_behind  # ten wait
        group.create_task(sender.send("a", platform.message("one more")))
        await asyncio.sleep(0.5)
        assert sender.is_behind


@in_no_time
async def test_a_call_is_made_in_the_name_of_who_asked() -> None:
    """What they bound, such as the job that log lines tell, is bound in flight too."""
    job = ContextVar("job", default="none")

    async def call() -> str:
        return job.get()

    async def ask(name: str) -> str:
        job.set(name)
        return await sender.send("a", call)

    async with sender_of() as sender:
        assert tuple(await asyncio.gather(ask("k3v9"), ask("x2m4"))) == ("k3v9", "x2m4")
