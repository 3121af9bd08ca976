"""What single cells say: names, codes, days, titles, times."""
