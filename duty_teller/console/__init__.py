"""Commands of the terminal that do more than compose: one module a command. English only."""
