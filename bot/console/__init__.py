"""The terminal: one question, a batch, or a conversation."""
