"""The page behind the link in a question: answering it in ten seconds, on a phone."""
