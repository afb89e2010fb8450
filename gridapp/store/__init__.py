"""The file on disk: an encrypted SQLite (or a PostgreSQL), one transaction at a time."""
