"""Google's APIs as the sandbox answers them, built from the published facts."""
