"""The measuring: judged questions, measures, and the fitting of what the ranker ships."""
