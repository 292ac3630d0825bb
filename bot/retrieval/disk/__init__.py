"""The disk engine: candidates from tantivy, scores from the library's own counts, for millions of sentences."""
