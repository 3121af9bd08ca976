"""People: invitations, cards, roles, merging, joining, phones."""
