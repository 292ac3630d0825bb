"""The cluster engine: sentences found by OpenSearch, on as many machines as a library needs."""
