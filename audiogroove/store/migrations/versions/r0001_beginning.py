"""The beginning: jobs and their pieces, quotas, what chats assume, notes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "job",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fault", sa.Text),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
    )
    op.create_index("job_by_person", "job", ["person"])
    op.create_index("job_by_chat", "job", ["chat"])
    op.create_index("job_by_state", "job", ["state", "created_us"])
    op.create_table(
        "piece",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "job",
            sa.Text,
            sa.ForeignKey("job.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("piece", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "quota",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("tat", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "defaults",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("options", sa.Text, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
