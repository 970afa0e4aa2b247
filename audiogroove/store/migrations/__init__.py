"""How the tables came to be as they are: alembic's scripts, one a change, run when a store opens.

A script that was released is never changed; what comes after is a new one in `versions`.
"""
