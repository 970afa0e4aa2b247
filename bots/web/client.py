"""Who asks: a random cookie, and the address of the network that it comes from.

Neither is kept anywhere. A person's key is a hash of the cookie, which is too random to be
guessed; a chat's key a hash of the address, with a key that only this house has, for there are
few addresses.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self

from aiohttp import web

from audiogroove.store.rows import PIECE_ID_ALPHABET
from bots.chat import Chat, Notes, Person

COOKIE = "ag"
COOKIE_BYTES = 16
COOKIE_AGE_S = 400 * 24 * 3600  # the longest that browsers take
KEY_NOTE = "web.key"
KEY_BYTES = 32
HASH_CHARS = 24
TOKEN_CHARS = 16  # eighty bits, and never as long as the id of a piece
NETWORK_BITS = 64  # of an IPv6 address; the rest its owner chooses

_OURS = re.compile(f"[0-9a-f]{{{2 * COOKIE_BYTES}}}")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Client:
    """Whoever sent a request."""

    cookie: str
    is_new: bool  # the cookie was made just now
    host: str  # as the client calls us
    is_secure: bool  # the request came by https
    person: Person
    chat: Chat


CLIENT: web.RequestKey[Client] = web.RequestKey("client", Client)


def new_token() -> str:
    """Make an id for a composition: unguessable, and fit for addresses."""
    return "".join(secrets.choice(PIECE_ID_ALPHABET) for _ in range(TOKEN_CHARS))


def is_idempotency_key(text: str) -> bool:
    """Tell whether a client may name a request so."""
    return _KEY.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request says of its client; the last three are what proxies added, if any."""

    cookie: str
    peer: str  # the address of whoever is connected to us
    host: str
    is_secure: bool
    forwarded_for: str
    forwarded_proto: str
    forwarded_host: str

    @classmethod
    def of(cls, request: web.Request) -> Self:
        """Look at a request."""

        def added(name: str) -> str:
            return ", ".join(request.headers.getall(f"X-Forwarded-{name}", []))

        return cls(
            cookie=request.cookies.get(COOKIE, ""),
            peer=request.remote or "",
            host=request.host,
            is_secure=request.secure,
            forwarded_for=added("For"),
            forwarded_proto=added("Proto"),
            forwarded_host=added("Host"),
        )


class Clients:
    """Recognises clients, with the key of this house."""

    def __init__(self, key: bytes, *, trusted_proxies: int = 0) -> None:
        """Set up; so many proxies of ours stand between us and the world."""
        self._key, self._trusted_proxies = key, trusted_proxies

    def recognise(self, seen: Seen) -> Client:
        """Tell who sent a request."""
        is_ours = _OURS.fullmatch(seen.cookie) is not None
        value = seen.cookie if is_ours else secrets.token_hex(COOKIE_BYTES)
        proxies = self._trusted_proxies
        address = network_of(forwarded(seen.forwarded_for, proxies) or seen.peer)
        scheme = forwarded(seen.forwarded_proto, proxies)
        return Client(
            value,
            not is_ours,
            forwarded(seen.forwarded_host, proxies) or seen.host,
            scheme.lower() == "https" if scheme else seen.is_secure,
            Person(f"web:{_hash(value)}", "somebody"),
            Chat(f"web:{self._keyed('address', address)[:HASH_CHARS]}", is_private=False),
        )

    def token(self, client: Client, key: str) -> str:
        """Name the composition that this client asks for under an idempotency key."""
        digest = bytes.fromhex(self._keyed("composition", client.person.key, key))
        letters = len(PIECE_ID_ALPHABET)  # 32, which divides 256: no letter is likelier
        return "".join(PIECE_ID_ALPHABET[byte % letters] for byte in digest[:TOKEN_CHARS])

    def _keyed(self, *said: str) -> str:
        return hmac.new(self._key, "\0".join(said).encode(), hashlib.sha256).hexdigest()


async def key_of_house(notes: Notes) -> bytes:
    """Fetch the key of this house, made once."""
    kept = await notes.note(KEY_NOTE)
    if kept is None:
        kept = secrets.token_hex(KEY_BYTES)
        await notes.set_note(KEY_NOTE, kept)
    return bytes.fromhex(kept)


def forwarded(header: str, trusted_proxies: int) -> str:
    """Find what our outermost proxy saw, where each of them has appended to a header.

    With one proxy the last entry is its own and true; what stands before it anybody may have
    written. A header with fewer entries, such as of a scheme, was set by one for all.
    """
    entries = [entry.strip() for entry in header.split(",") if entry.strip()]
    if not trusted_proxies or not entries:
        return ""
    return entries[-min(trusted_proxies, len(entries))]


def network_of(written: str) -> str:
    """Tell the network of an address as proxies write it: with a port, or in brackets."""
    bare = written.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(bare.partition("%")[0])
    except ValueError:
        return "nowhere"
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, NETWORK_BITS), strict=False).network_address)
    return str(address)


def cookie_header(client: Client, *, age_s: int = COOKIE_AGE_S) -> str:
    """Write the header that sets a client's cookie; with an age of 0 it is thrown away."""
    secure = "; Secure" if client.is_secure else ""
    value = client.cookie if age_s else ""
    return f"{COOKIE}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}"


def is_own_origin(origin: str, host: str) -> bool:
    """Tell whether a request that a page sent came from a page of ours."""
    scheme, _, authority = origin.partition("://")
    usual: Mapping[str, str] = {"http": ":80", "https": ":443"}
    port = usual.get(scheme, "")
    return bool(authority) and authority.lower().removesuffix(port) == host.lower().removesuffix(
        port
    )


def _hash(cookie: str) -> str:
    return hashlib.sha256(bytes.fromhex(cookie)).hexdigest()[:HASH_CHARS]
