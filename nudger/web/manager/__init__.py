"""The manager's page: the calls that reps let their manager read, and a word on one before it."""
