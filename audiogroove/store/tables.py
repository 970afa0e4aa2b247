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
