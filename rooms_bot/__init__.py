"""Rooms Bot: Discord channels where language models and people discuss a topic together."""

__version__ = "0.1.0"
