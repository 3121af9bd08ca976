"""HTTP: the Mini App's API, the feeds and the health answer."""
