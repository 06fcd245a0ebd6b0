"""Microsoft's token endpoint and Graph v1.0 as the sandbox answers them."""
