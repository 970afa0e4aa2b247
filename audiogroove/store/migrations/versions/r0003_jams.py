"""Jams and whom they name; of pieces, who made which bars."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of jams, and a column.

    Both databases add a column with a default without writing the table anew, which SQLite
    otherwise has to.
    """
    op.create_table(
        "jam",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_index("jam_by_chat", "jam", ["platform", "chat"])
    op.create_index("jam_by_state", "jam", ["state", "ended_us"])
    op.create_table(
        "jam_player",
        sa.Column("jam", sa.Text, sa.ForeignKey("jam.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
    )
    op.create_index("jam_player_by_person", "jam_player", ["person"])
    op.create_table(
        "jam_count",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("jams", sa.Integer, nullable=False),
    )
    op.add_column("piece", sa.Column("credits", sa.Text, nullable=False, server_default=""))
