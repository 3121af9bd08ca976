"""People: who they are, what they may do, what they choose for themselves."""
