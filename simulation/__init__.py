"""A quarter of a sales team: the real jobs against the sandbox, with a driven clock."""
