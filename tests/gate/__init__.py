"""The quality gate: questions over the two seed articles, with floors that only rise."""
