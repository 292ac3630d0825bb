"""The answer: from a question to quotes, each an exact slice of its article."""
