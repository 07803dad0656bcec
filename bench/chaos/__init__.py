"""Kills the bot again and again in the middle of its rooms' turns, and looks whether anything was lost or doubled."""
