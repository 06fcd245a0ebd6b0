"""What becomes of a mail that came in: bounces, machines, answers kept, what could not be read."""
