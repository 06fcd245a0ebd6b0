"""The demonstration: the sandbox, the production jobs, and somebody who plays the rep."""
