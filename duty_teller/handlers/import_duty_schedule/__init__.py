"""The import in the chat: hand-over, file, questions, preview, Apply, undo."""
