"""The rep's own page: signing in (`signing`), and what a rep sees and steers there (`router`)."""
