"""The outbox of messages to people: what is put in, and what each person wants to hear and when."""
