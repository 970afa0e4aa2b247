"""Every move in a jam, as a plain function: a jam, who moves, and the time; a new jam comes out.

    people      open_jam · settle · join · leave · begin · finish
    a turn      play · bring · keep · reroll · pass_on · undo · call_vote · vote
    composer    taken · failed
    the clock   tick · skip · grace

A move that is not allowed ends in JamRefused and changes nothing. One that comes to nothing, such
as joining twice, gives the very same jam back. Times are seconds since 1970; buttons name the turn
and the roll that they belong to, so that a tap that comes late harms nobody.
"""

from dataclasses import replace

from audiogroove.errors import JamFault
from audiogroove.jam import course, rights
from audiogroove.jam.jam import MAX_ROLLS, Jam, Kind, Phase, Player, Spot, Take, Turn
from audiogroove.jam.seating import name_for, reseated, seat_for
from audiogroove.jam.settings import MAX_PLAYERS, Settings, Way

GRACE_S = 60.0  # for everybody, after we were away


# People.


def open_jam(
    jam_id: str,
    spot: Spot,
    settings: Settings,
    host: tuple[str, str],
    now_s: float,
    before: Jam | None = None,
) -> Jam:
    """Open a lobby; `host` is the key and the name of who opens it, its first player.

    `before` is a finished jam that it goes on from.
    """
    key, name = host
    waits = settings.waits
    jam = Jam(
        id=jam_id,
        spot=spot,
        settings=settings,
        host=key,
        players=(),
        created_s=now_s,
        deadline_s=now_s + waits.lobby_s,
        ends_s=now_s + waits.whole_s,
        origin=before.laid if before else "",
        origin_bars=before.bars if before else 0,
    )
    player = Player(key, name_for(jam, name), seat_for(jam, None))
    return replace(jam, players=(player,), version=1)


def settle(jam: Jam, key: str, settings: Settings, now_s: float) -> Jam:
    """Agree on something else, in the lobby; the host alone does.

    Players keep their instruments where they still are among the seats, and another pace begins
    to count now.
    """
    rights.check_host(jam, key)
    rights.check(jam.phase is Phase.LOBBY, JamFault.HAS_BEGUN)
    settled = reseated(jam, settings)
    if settings.pace != jam.settings.pace:
        waits = settings.waits
        settled = replace(settled, deadline_s=now_s + waits.lobby_s, ends_s=now_s + waits.whole_s)
    return _moved(jam, settled)


def join(jam: Jam, key: str, name: str, seat: int | None = None) -> Jam:
    """Join, come back, or in the lobby take another seat; others wait a little longer for more."""
    rights.check(not jam.phase.is_over, JamFault.TOO_LATE)
    player = jam.player(key)
    if player and player.is_active:
        return _with_seat(jam, player, seat)
    if player and not player.has_left:
        return _moved(jam, course.with_host(_present(jam, key)))
    seated = sum(not each.has_left for each in jam.players)
    rights.check(seated < MAX_PLAYERS, JamFault.FULL)
    taken = seat_for(jam, seat)
    if player:
        back = Player(player.key, player.name, taken)
        return _moved(jam, course.with_host(course.changed(jam, back)))
    new = Player(key, name_for(jam, name), taken)
    joined = replace(jam, players=(*jam.players, new))
    if jam.phase is Phase.LOBBY:
        waits = jam.settings.waits
        latest_s = jam.created_s + waits.longest_lobby_s
        longer_s = min(jam.deadline_s + waits.join_s, latest_s)
        joined = replace(joined, deadline_s=max(jam.deadline_s, longer_s))
    return _moved(jam, course.with_host(joined))


def leave(jam: Jam, key: str, now_s: float) -> Jam:
    """Leave; what was played stays, and the turn passes on."""
    rights.check(not jam.phase.is_over, JamFault.TOO_LATE)
    player = rights.playing(jam, key)
    left = course.changed(jam, replace(player, has_left=True, seat=None))
    left = replace(left, votes=tuple(vote for vote in left.votes if vote[0] != key))
    left = course.with_host(left)
    if jam.turn and jam.turn.player == key:
        left = _without_player(left, now_s)
    elif not left.active:
        left = course.wound_up(left, now_s, Phase.CANCELLED)
    elif left.phase is Phase.VOTING:
        left = _decided(left, now_s)
    return _moved(jam, left)


def begin(jam: Jam, key: str, now_s: float) -> Jam:
    """Begin; the host alone does."""
    rights.check(not jam.phase.is_over, JamFault.TOO_LATE)
    rights.check(jam.phase is Phase.LOBBY, JamFault.HAS_BEGUN)
    rights.check_host(jam, key)
    return _moved(jam, course.next_turn(jam, now_s))


def finish(jam: Jam, key: str, now_s: float, *, is_moderator: bool = False) -> Jam:
    """End with what is laid down, a take that is being judged with it; for host and moderators."""
    rights.check(not jam.phase.is_over, JamFault.TOO_LATE)
    if not is_moderator:
        rights.check_host(jam, key)
    if jam.take:
        jam = replace(jam, takes=(*jam.takes, jam.take), take=None)
    return _moved(jam, course.wound_up(jam, now_s, Phase.CANCELLED))


def relocate(jam: Jam, chat: str) -> Jam:
    """Follow a chat that has another key now."""
    return _moved(jam, replace(jam, spot=replace(jam.spot, chat=chat)))


# A turn.


def play(jam: Jam, key: str, now_s: float, turn: int = 0, density: str | None = None) -> Jam:
    """Have a take composed; `turn` is the one that a button belongs to, 0 for any."""
    own = rights.own_turn(jam, key, turn)
    rights.check_phase(jam, Phase.TURN)
    rights.check(own.roll < MAX_ROLLS, JamFault.NO_REROLLS)
    return _moved(jam, course.composing(_present(jam, key), own, now_s, density=density))


def check_bring(jam: Jam, key: str) -> None:
    """Refuse somebody who may not bring a file now, before it is fetched and fitted."""
    own = rights.own_turn(jam, key, 0)
    rights.check_phase(jam, Phase.TURN, Phase.HEARING)
    rights.check(own.roll < MAX_ROLLS, JamFault.NO_REROLLS)


def bring(jam: Jam, key: str, now_s: float, piece: str, past_bar: int) -> Jam:
    """Have a file of one's own for a take, also in place of one that was composed."""
    check_bring(jam, key)
    present, own = _present(jam, key), rights.own_turn(jam, key, 0)
    rolled = replace(own, roll=own.roll + 1, density=None, is_stand_in=False)
    take = course.take_of(present, rolled, piece, past_bar, Kind.BROUGHT)
    return _moved(jam, course.heard(replace(present, turn=rolled), take, now_s))


def keep(jam: Jam, key: str, now_s: float, turn: int, roll: int) -> Jam:
    """Lay one's take down."""
    take = rights.own_take(jam, key, turn, roll)
    return _moved(jam, course.laid_down(_present(jam, key), take, now_s))


def reroll(
    jam: Jam, key: str, now_s: float, turn: int, roll: int, density: str | None = None
) -> Jam:
    """Have another take composed in place of the one that is heard."""
    rights.own_take(jam, key, turn, roll)
    own = rights.own_turn(jam, key, turn)
    rights.check(own.roll < MAX_ROLLS, JamFault.NO_REROLLS)
    return _moved(jam, course.composing(_present(jam, key), own, now_s, density=density))


def pass_on(jam: Jam, key: str, now_s: float, turn: int) -> Jam:
    """Let one's turn go by; a take that is being judged is given up."""
    rights.own_turn(jam, key, turn)
    rights.check_phase(jam, Phase.TURN, Phase.HEARING)
    return _moved(jam, course.next_turn(_present(jam, key), now_s))


def undo(jam: Jam, key: str, now_s: float) -> Jam:
    """Take back the take that was laid down last, one's own; its turn begins again, once.

    Not while somebody plays on top of it.
    """
    rights.check(not jam.phase.is_over, JamFault.TOO_LATE)
    rights.playing(jam, key)
    rights.check(bool(jam.takes) and jam.takes[-1].player == key, JamFault.NOTHING_TO_UNDO)
    rights.check(not jam.takes[-1].is_second, JamFault.NOTHING_TO_UNDO)
    rights.check(jam.phase is Phase.TURN, JamFault.TOO_LATE)
    last = jam.takes[-1]
    again = Turn(
        jam.turns + 1, last.round, key, roll=min(last.roll, MAX_ROLLS - 1), is_given_back=True
    )
    undone = replace(_present(jam, key), takes=jam.takes[:-1])
    return _moved(jam, course.with_turn(undone, again, now_s))


def call_vote(jam: Jam, key: str, now_s: float, turn: int, roll: int) -> Jam:
    """Let all decide together about the take that is being judged; any player may ask, once."""
    rights.playing(jam, key)
    rights.judged(jam, turn, roll)
    rights.check(jam.phase is Phase.HEARING and not jam.is_voted, JamFault.VOTED_ALREADY)
    deadline_s = now_s + jam.settings.waits.vote_s
    present = _present(jam, key)
    return _moved(jam, replace(present, phase=Phase.VOTING, votes=(), deadline_s=deadline_s))


def vote(jam: Jam, key: str, now_s: float, turn: int, roll: int, *, is_for: bool) -> Jam:
    """Vote for or against the take; whoever votes again changes theirs."""
    rights.playing(jam, key)
    rights.judged(jam, turn, roll)
    rights.check(jam.phase is Phase.VOTING, JamFault.TOO_LATE)
    if (key, is_for) in jam.votes:
        return jam
    others = tuple(each for each in jam.votes if each[0] != key)
    voted = replace(_present(jam, key), votes=(*others, (key, is_for)))
    return _moved(jam, _decided(voted, now_s))


# The composer.


def taken(jam: Jam, now_s: float, turn: int, roll: int, piece: str, past_bar: int) -> Jam:
    """Hear the take that was composed; one that nobody waits for any more changes nothing."""
    own = rights.awaited(jam, turn, roll)
    if own is None:
        return jam
    kind = Kind.STOOD_IN if own.is_stand_in else Kind.PLAYED
    take = course.take_of(jam, own, piece, past_bar, kind)
    after = course.laid_down if own.is_stand_in else course.heard
    return _moved(jam, after(jam, take, now_s))


def failed(jam: Jam, now_s: float, turn: int, roll: int) -> Jam:
    """Go back to the player when nothing came of a take; else as `taken`."""
    own = rights.awaited(jam, turn, roll)
    if own is None:
        return jam
    return _moved(jam, course.turned_down(jam, replace(own, has_failed=True), now_s))


# The clock.


def tick(jam: Jam, now_s: float) -> Jam:
    """Do what is due; the same jam when nothing is."""
    if jam.phase.is_over or now_s < min(jam.deadline_s, jam.ends_s):
        return jam
    if now_s >= jam.ends_s:
        ended = replace(jam, takes=(*jam.takes, jam.take)) if jam.take else jam
        return _moved(jam, course.wound_up(ended, now_s))
    if jam.turn is None:
        is_enough = len(jam.active) > 1
        after = course.next_turn(jam, now_s) if is_enough else course.wound_up(jam, now_s)
        return _moved(jam, after)
    return _moved(jam, _timed_out(jam, jam.turn, now_s))


def skip(jam: Jam, now_s: float) -> Jam:
    """Pass over who is away in their turn, where nothing can be composed in their stead."""
    if jam.turn is None or jam.phase is not Phase.TURN:
        return jam
    return _moved(jam, course.next_turn(_missed(jam, jam.turn), now_s))


def grace(jam: Jam, now_s: float) -> Jam:
    """Give everybody a minute after we were away; nothing else changes."""
    least_s = now_s + GRACE_S
    if jam.phase.is_over or min(jam.deadline_s, jam.ends_s) >= least_s:
        return jam
    return _moved(
        jam,
        replace(jam, deadline_s=max(jam.deadline_s, least_s), ends_s=max(jam.ends_s, least_s)),
    )


def _timed_out(jam: Jam, turn: Turn, now_s: float) -> Jam:
    if jam.phase is Phase.TAKING:
        return course.turned_down(jam, replace(turn, has_failed=True), now_s)
    if jam.take is None:
        return _stood_in(jam, turn, now_s)
    votes_for, against = _counted(jam)
    if jam.phase is Phase.VOTING and votes_for == against:  # it is their take
        return course.heard(jam, jam.take, now_s, is_voted=True)
    return _judgement(jam, jam.take, now_s, is_for=votes_for >= against)


def _without_player(jam: Jam, now_s: float) -> Jam:
    """Go on where the one whose turn it was has left: their take stays unless most are against."""
    votes_for, against = _counted(jam)
    if jam.take and votes_for >= against:
        return course.laid_down(jam, jam.take, now_s)
    return course.next_turn(jam, now_s)


def _stood_in(jam: Jam, turn: Turn, now_s: float) -> Jam:
    """Play for somebody who is away."""
    jam = _missed(jam, turn)
    if turn.roll >= MAX_ROLLS:
        return course.next_turn(jam, now_s)
    return course.composing(jam, turn, now_s, is_stand_in=True)


def _missed(jam: Jam, turn: Turn) -> Jam:
    """Note that a turn passes without its player, who is passed over from the second time on."""
    player = jam.player(turn.player)
    if player is None:
        return jam
    misses = player.misses + 1
    away = replace(player, misses=misses, is_parked=misses >= course.MAX_MISSES)
    return course.with_host(course.changed(jam, away))


def _decided(jam: Jam, now_s: float) -> Jam:
    """End a vote when most players are of one mind, or all have voted."""
    votes_for, against = _counted(jam)
    if jam.take is None:
        return jam
    if votes_for == against and len(jam.votes) >= len(jam.active):  # it is their take
        return course.heard(jam, jam.take, now_s, is_voted=True)
    if 2 * max(votes_for, against) <= len(jam.active):
        return jam
    return _judgement(jam, jam.take, now_s, is_for=votes_for > against)


def _counted(jam: Jam) -> tuple[int, int]:
    """Count the votes for and against."""
    votes_for = sum(is_for for _, is_for in jam.votes)
    return votes_for, len(jam.votes) - votes_for


def _judgement(jam: Jam, take: Take, now_s: float, *, is_for: bool) -> Jam:
    if is_for or jam.turn is None:
        return course.laid_down(jam, take, now_s)
    return course.turned_down(jam, jam.turn, now_s)


# Small things.


def _moved(before: Jam, after: Jam) -> Jam:
    """Count the move, if it was one."""
    return before if after == before else replace(after, version=before.version + 1)


def _present(jam: Jam, key: str) -> Jam:
    """Note that somebody is there: whoever was passed over is back."""
    player = jam.player(key)
    if player is None:
        return jam
    return course.changed(jam, replace(player, misses=0, is_parked=False))


def _with_seat(jam: Jam, player: Player, wished: int | None) -> Jam:
    if wished is None or jam.settings.way is Way.SECTIONS or wished == player.seat:
        return jam
    rights.check(jam.phase is Phase.LOBBY, JamFault.HAS_BEGUN)
    seat = seat_for(jam, wished, besides=player.key)
    return _moved(jam, course.changed(jam, replace(player, seat=seat)))
