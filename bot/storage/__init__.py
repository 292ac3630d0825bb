"""The store: database connections, transactions and migrations."""
