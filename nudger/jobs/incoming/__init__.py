"""What becomes of mails that are no reply."""
