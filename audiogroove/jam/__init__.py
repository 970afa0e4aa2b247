"""A jam: a group makes one piece together, turn by turn.

settings     what is agreed before it begins
jam          a jam as a value: who plays, whose turn it is, what is laid down
session      every move that there is, as plain functions of a jam and the time
commission   what the composer is asked for a take, and who is credited for it
fitting      a player's own file as a take
spelling     a jam as JSON values
"""
