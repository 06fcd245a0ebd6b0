"""Mails as text: composing ours, reading theirs. No network."""
