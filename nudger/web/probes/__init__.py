"""What programs ask: whether we live, whether we are ready, and numbers."""
