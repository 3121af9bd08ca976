"""Finding cover, swapping, taking over: requests between people that end in a change by the write door, or in nothing.

Every transition is decided in the caller's writing transaction, together with what each person's message has to show.
"""
