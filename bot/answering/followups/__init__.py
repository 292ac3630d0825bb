"""Follow-ups: questions that lean on those before them, and what they take over."""
