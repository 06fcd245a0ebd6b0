"""What programs read, apart from the pages: JSON, tokens, OpenAPI."""
