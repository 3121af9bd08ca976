"""People: invitations, cards, roles, merging, phones."""
