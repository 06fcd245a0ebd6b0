"""What admins ask for; commands and pages call the same functions."""
