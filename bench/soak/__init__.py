"""Hundreds of rooms for a long time, in which nothing may grow for ever."""
