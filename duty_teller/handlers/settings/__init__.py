"""What is set: rosters, coverage, digests, remembered answers, one's own preferences, and how everything is doing."""
