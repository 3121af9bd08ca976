"""Hours: what people have worked and are planned to, counted in one place for the chat, the Mini App and the books."""
