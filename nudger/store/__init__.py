"""What Nudger remembers: tables, queries, migrations. SQLite by default, PostgreSQL by URL."""
