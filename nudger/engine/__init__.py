"""Many workers on many machines: one of them hands out what is due, by a message broker.

The database stays what decides: a message carries a queue and a key, and whoever gets it claims
that row or lets it go. Without the broker each worker looks for its work itself.
"""
