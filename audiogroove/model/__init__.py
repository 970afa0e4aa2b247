"""The network, how it is sampled, and how it lies on disk.

Training needs torch, numpy and safetensors only; nothing in here reads MIDI.
"""
