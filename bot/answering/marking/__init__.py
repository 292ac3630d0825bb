"""Marking: the stretches of a quote that answer, by a span model or by rules."""
