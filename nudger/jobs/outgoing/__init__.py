"""What the mails that we send say, to whom, and when they go out."""
