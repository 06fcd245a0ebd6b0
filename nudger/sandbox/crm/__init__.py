"""Stand-ins for the CRMs, refusals included."""
