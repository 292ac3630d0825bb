"""Tests of the disk engine's own: its files, and what becomes of them."""
