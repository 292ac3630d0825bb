"""Verbatim: answers questions from its owner's articles with the exact sentences that answer."""

__version__ = "0.1.0"
