"""A grammar of layouts: draws a schedule, writes it the way a team might have, reads it and compares.

`vocabulary` holds what teams write in six languages, `plan` what is drawn of a file, `shapes` how a schedule is laid
out, `noise` what stands around it, `writing` the formats, `judging` what came of reading it, `shrinking` the smallest
file that still shows a fault. Everything is drawn from a seed: the same plan gives the same bytes. `make rosters` runs
thousands of them; nothing of `duty_teller.importers` is used to write a file.
"""
