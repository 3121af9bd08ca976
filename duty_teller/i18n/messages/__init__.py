"""The catalogue, one module a topic."""
