"""The index: analysis of text into terms, BM25, and the engines that find candidate sentences."""
