"""How well continue, vary and accompany keep to what they are given, each mode by itself.

What the model adds stands between two marks: what real music has at that place, and controls
that are real music as well, but not of that place.
"""
