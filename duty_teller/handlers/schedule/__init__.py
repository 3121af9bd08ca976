"""The schedule in the chat: who is on duty, weeks, one's own shifts, history, files and calendar links."""
