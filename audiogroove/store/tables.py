"""The tables as they are now; `audiogroove.store.migrations` tells how they came to be so.

Times are whole microseconds since 1970. Large values come last in a row, so that SQLite finds
the others without reading them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

METADATA = MetaData()

JOB = Table(
    "job",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("parent", Text),  # a piece, which may be gone
    Column("state", Text, nullable=False),  # a JobState
    Column("attempts", Integer, nullable=False),
    Column("fault", Text),  # why it failed
    Column("created_us", BigInteger, nullable=False),
    Column("address", Text, nullable=False),  # JSON
    Column("request", LargeBinary, nullable=False),  # see audiogroove.store.packing
    Index("job_by_person", "person"),
    Index("job_by_chat", "chat"),
    Index("job_by_state", "state", "created_us"),
)

PIECE = Table(
    "piece",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("job", Text, ForeignKey("job.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("style", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("piece", LargeBinary, nullable=False),  # see audiogroove.store.packing
    Column("credits", Text, nullable=False, server_default=""),  # JSON, or "" for none; came later
)

JAM = Table(
    "jam",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("topic", Text, nullable=False),  # where it was opened; "" is the chat itself
    Column("home", Text, nullable=False),  # the topic that was made for it, or ""
    Column("number", Integer, nullable=False),  # among all that its chat ever had, from 1
    Column("state", Text, nullable=False),  # a JamState
    Column("version", Integer, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("address", Text, nullable=False),  # JSON
    Column("data", LargeBinary, nullable=False),  # see audiogroove.store.packing
    Index("jam_by_chat", "platform", "chat"),
    Index("jam_by_state", "state", "ended_us"),
)

JAM_PLAYER = Table(  # whom a jam names or has named, also for what it goes on from
    "jam_player",
    METADATA,
    Column("jam", Text, ForeignKey("jam.id", ondelete="CASCADE"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Index("jam_player_by_person", "person"),
)

JAM_COUNT = Table(  # how many a chat ever had: numbers outlive the jams
    "jam_count",
    METADATA,
    Column("platform", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("jams", Integer, nullable=False),
)

RENDERING = Table(
    "rendering",
    METADATA,
    Column("piece", Text, ForeignKey("piece.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("edition", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("rendering_by_age", "created_us", "size_bytes"),
)

QUOTA = Table(
    "quota",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("tat", BigInteger, nullable=False),  # in microseconds; see audiogroove.store.quotas
)

DEFAULTS = Table(
    "defaults",
    METADATA,
    Column("chat", Text, primary_key=True),
    Column("options", Text, nullable=False),  # JSON: option name to what was typed
)

NOTE = Table(
    "note",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
