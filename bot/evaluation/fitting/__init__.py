"""Fitting: from question files and dialogues to the tables, weights and confidences in config/."""
