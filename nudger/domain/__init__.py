"""The decisions: pure functions of what we know, each returning its reason beside its verdict."""
