"""Strangers: hostile requests, other people's pages, proxies, and what is told to a browser."""

import asyncio
import json
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.conversation import Quota
from bots.web.client import Clients, Seen, forwarded, is_own_origin, network_of
from bots.web.guard import HEADERS
from tests.bots.web.client import Client, client_of
from tests.bots.web.stage import Setting, Stage

JSON = {"Content-Type": "application/json"}
CLIENTS = Clients(b"key")
SEEN = Seen(
    cookie="",
    peer="192.0.2.7",
    host="a.example",
    is_secure=False,
    forwarded_for="",
    forwarded_proto="",
    forwarded_host="",
)


# Bodies.


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"compose"',
        b"\xff\xfe",
        b'{"mode": "compose"',
        b'{"mode": null}',
        b'{"mode": "forget"}',
        b'{"mode": "settings"}',
        b'{"mode": ["compose"]}',
        b'{"mode": {}}',
        b'{"mode": "compose", "more": 1}',
        b'{"mode": "compose", "wishes": []}',
        b'{"mode": "compose", "wishes": {"bars": true}}',
        b'{"mode": "compose", "wishes": {"bars": null}}',
        b'{"mode": "compose", "wishes": {"bars": [8]}}',
        b'{"mode": "compose", "wishes": {"bars": NaN}}',
        b'{"mode": "compose", "wishes": {"bars": 1e999}}',
        b'{"mode": "compose", "wishes": {"bars": ' + 600 * b"9" + b"}}",
        b'{"mode": "compose", "wishes": {"bars": ' + 4400 * b"9" + b"}}",
        b'{"mode": "compose", "text": 7}',
        b'{"mode": "compose", "text": "\\ud800"}',
        b'{"mode": "compose", "text": "' + 501 * b"a" + b'"}',
        b'{"mode": "compose", "wishes": {"style": "\\udfff"}}',
        b'{"mode": "vary", "from": 7}',
        b'{"mode": "vary", "from": "' + 65 * b"a" + b'"}',
        b'{"mode": ' + 10_000 * b"[",
        b'{"a":' * 5_000,
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(ann: Client, body: bytes) -> None:
    """Each in a sentence, none with a stack."""
    refused = await ann.send("POST", "/api/compositions", data=body, headers=JSON)
    assert (refused.status, refused.code) == (400, "bad_request")


async def test_a_request_that_is_too_large_is_not_read(ann: Client) -> None:
    """A few kilobytes are enough for any wish."""
    refused = await ann.ask(text=40_000 * "a")
    assert (refused.status, refused.code) == (413, "too_large")


async def test_a_body_that_unpacks_to_more_is_not_unpacked(ann: Client) -> None:
    """It is no JSON, then."""
    headers = JSON | {"Content-Encoding": "deflate"}
    refused = await ann.send("POST", "/api/compositions", data=b"x\x9c\x03", headers=headers)
    assert refused.status == 400


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_other_types_are_not_taken(ann: Client, media_type: str) -> None:
    """A page of another site can send text and forms, but no JSON."""
    body = json.dumps({"mode": "compose"}).encode()
    headers = {"Content-Type": media_type}
    refused = await ann.send("POST", "/api/compositions", data=body, headers=headers)
    assert (refused.status, refused.code) == (415, "unsupported_type")


FORMS = [
    b"",
    b"--x--",
    b"--x\r\n\r\n{}\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="seed"\r\n\r\nMThd\r\n--x--',
    b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n{}\r\n--x--',
    2 * b'--x\r\nContent-Disposition: form-data; name="request"\r\n\r\n{}\r\n' + b"--x--",
    b'--x\r\nContent-Disposition: form-data; name="request"\r\n\r\nno JSON\r\n--x--',
    (
        b'--x\r\nContent-Disposition: form-data; name="request"\r\n'
        b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--\r\n--x--"
    ),
    b'--x\r\nContent-Disposition: form-data; name="request"\r\n\r\n{"mode": "compose"',
]


@pytest.mark.parametrize("body", FORMS)
async def test_a_form_that_makes_no_sense_is_refused(ann: Client, body: bytes) -> None:
    """Whatever the library makes of it."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await ann.send("POST", "/api/compositions", data=body, headers=headers)
    assert (refused.status, refused.code) == (400, "bad_request")


async def test_a_form_without_a_boundary_is_refused(ann: Client) -> None:
    """As above."""
    headers = {"Content-Type": "multipart/form-data"}
    refused = await ann.send("POST", "/api/compositions", data=b"--x--", headers=headers)
    assert (refused.status, refused.code) == (400, "bad_request")


# Addresses.


@pytest.mark.parametrize(
    "path",
    [
        "/static/../front.py",
        "/static/..%2ffront.py",
        "/static/%2e%2e%2ffront.py",
        "/static/..%5cfront.py",
        "/static/%2fetc%2fpasswd",
        "/static/.env",
        "/static/index.html",
        "/static/nothing.js",
        "/static/style.css%00.js",
        "/static/",
        "/nothing",
        "/p/",
        "/.git/config",
    ],
)
async def test_nothing_else_is_served(stage: Stage, path: str) -> None:
    """Asked for with a raw socket: clients tidy addresses up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.front.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 404 ")


async def test_what_is_no_request_ends_the_connection(stage: Stage) -> None:
    """And the house stands."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.front.port)
    writer.write(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.0 400 ")
    writer.close()


async def test_errors_of_the_interface_are_always_json(ann: Client) -> None:
    """Also where no address or no method is known."""
    missing = await ann.get("/api/nothing")
    assert (missing.status, missing.code) == (404, "not_found")
    wrong = await ann.send("PUT", "/api/compositions")
    assert (wrong.status, wrong.code) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "POST"


# Pages of other sites.


async def test_a_page_of_another_site_changes_nothing(ann: Client) -> None:
    """Though the browser would send our cookie along."""
    body = {"mode": "compose"}
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        refused = await ann.send("POST", "/api/compositions", json=body, headers=headers)
        assert (refused.status, refused.code) == (403, "origin_refused")
        refused = await ann.send("DELETE", "/api/me", headers=headers)
        assert (refused.status, refused.code) == (403, "origin_refused")


async def test_our_own_page_may(stage: Stage, ann: Client) -> None:
    """It comes from the same host."""
    headers = {"Origin": stage.url, "Sec-Fetch-Site": "same-origin"}
    taken = await ann.send("POST", "/api/compositions", json={"mode": "compose"}, headers=headers)
    assert taken.status == 202


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("https://a.example", "a.example", True),
        ("https://a.example", "A.example:443", True),
        ("http://a.example:80", "a.example", True),
        ("http://a.example:8080", "a.example:8080", True),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("https://a.example", "b.example", False),
        ("https://a.example.evil", "a.example", False),
        ("https://a.example:8443", "a.example", False),
        ("null", "null", False),
        ("", "", False),
    ],
)
def test_origins_are_told_apart(origin: str, host: str, *, is_own: bool) -> None:
    """By host and port."""
    assert is_own_origin(origin, host) is is_own


# Browsers.


async def test_every_answer_is_dressed(ann: Client) -> None:
    """Pages, the interface, files and errors."""
    done = await ann.composed()
    for path in (
        "/",
        "/api/options",
        "/nothing",
        f"/api/compositions/{done['id']}/files/piece.mid",
    ):
        answer = await ann.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["Server"] == "AudioGroove"


async def test_a_client_is_given_one_cookie(stage: Stage) -> None:
    """Which no script reads, and no other site sends."""
    async with client_of(stage) as ann:
        first = await ann.get("/")
        cookie = first.headers["Set-Cookie"]
        assert "; HttpOnly; SameSite=Lax" in cookie
        assert "Secure" not in cookie
        assert "Set-Cookie" not in (await ann.get("/api/options")).headers


@pytest.mark.parametrize(
    "cookie", ["", "x", "a" * 32 + "b", "G" * 32, "'; DROP TABLE job", "\u00e9" * 32, "0" * 5000]
)
async def test_a_strange_cookie_is_replaced(stage: Stage, cookie: str) -> None:
    """Only such as we make are taken: nobody chooses who they are."""
    async with client_of(stage) as ann:
        answer = await ann.get("/", headers={"Cookie": f"ag={cookie}"})
        assert answer.status == 200
        assert "Set-Cookie" in answer.headers


async def test_neither_cookie_nor_address_is_kept(stage: Stage) -> None:
    """Only hashes of them."""
    async with client_of(stage) as ann:
        await ann.composed()
        cookie = ann.cookie.encode()
    kept = stage.stored()
    assert b"web:" in kept
    assert cookie not in kept
    assert b"127.0.0.1" not in kept


# Proxies.


async def test_behind_a_proxy_each_network_has_its_own_quota(tmp_path: Path) -> None:
    """The proxy tells who asked; what a client adds to that counts for nothing."""
    setting = Setting(chat=Quota(1, 1), person=Quota(99, 9), trusted_proxies=1)
    async with Stage(tmp_path, setting) as stage:
        statuses = []
        for address in ("192.0.2.1", "192.0.2.2", "6.6.6.6, 192.0.2.1", "192.0.2.2:4711"):
            async with client_of(stage, headers={"X-Forwarded-For": address}) as client:
                statuses.append((await client.ask()).status)
        assert statuses == [202, 202, 429, 429]


async def test_without_a_proxy_nobody_says_who_asked(tmp_path: Path) -> None:
    """Anybody can write such a header."""
    setting = Setting(chat=Quota(1, 1), person=Quota(99, 9))
    async with Stage(tmp_path, setting) as stage:
        statuses = []
        for address in ("192.0.2.1", "192.0.2.2"):
            async with client_of(stage, headers={"X-Forwarded-For": address}) as client:
                statuses.append((await client.ask()).status)
        assert statuses == [202, 429]


async def test_behind_a_proxy_that_renames_us_our_own_page_may(tmp_path: Path) -> None:
    """It tells the name that the browser knows; no page of another site can."""
    headers = {"X-Forwarded-Host": "music.example", "Origin": "https://music.example"}
    how = {"json": {"mode": "compose"}, "headers": headers}
    for proxies, status in ((1, 202), (0, 403)):
        folder = tmp_path / str(proxies)
        await asyncio.to_thread(folder.mkdir)
        setting = Setting(trusted_proxies=proxies)
        async with Stage(folder, setting) as stage, client_of(stage) as ann:
            assert (await ann.send("POST", "/api/compositions", **how)).status == status


async def test_behind_https_the_cookie_stays_there(tmp_path: Path) -> None:
    """Where a proxy of ours says so."""
    headers = {"X-Forwarded-Proto": "https"}
    async with (
        Stage(tmp_path, Setting(trusted_proxies=1)) as stage,
        client_of(stage, headers=headers) as client,
    ):
        assert (await client.get("/")).headers["Set-Cookie"].endswith("; Secure")


@pytest.mark.parametrize(
    ("header", "proxies", "client"),
    [
        ("", 1, ""),
        ("1.1.1.1", 0, ""),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1, 10.0.0.1", 2, "1.1.1.1"),
        ("1.1.1.1", 3, "1.1.1.1"),
        (" , ,", 1, ""),
    ],
)
def test_the_client_is_whom_our_outermost_proxy_saw(header: str, proxies: int, client: str) -> None:
    """Counted from the end."""
    assert forwarded(header, proxies) == client


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2:9::9]:4711", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unknown", "nowhere"),
        ("", "nowhere"),
    ],
)
def test_an_address_is_told_by_its_network(written: str, network: str) -> None:
    """Whoever has one IPv6 address has 2^64 of them."""
    assert network_of(written) == network


@given(st.text())
def test_any_address_is_a_network_or_nowhere(written: str) -> None:
    """Strangers write the header."""
    network = network_of(written)
    if network != "nowhere":
        ip_address(network)


@given(st.text(alphabet="abcdef0123456789-_", min_size=8, max_size=64))
def test_names_made_of_keys_fit_addresses(key: str) -> None:
    """And are the same each time, for the same client."""
    one, two = (CLIENTS.recognise(replace(SEEN, cookie=letter * 32)) for letter in "ab")
    assert CLIENTS.token(one, key) == CLIENTS.token(one, key)
    assert CLIENTS.token(one, key) != CLIENTS.token(two, key)
    assert len(CLIENTS.token(one, key)) == 16
