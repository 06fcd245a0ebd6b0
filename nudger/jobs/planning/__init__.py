"""From judged events to meetings, and when each is asked about."""
