"""The playground: a strict Bot API stand-in, a sample team and a page to play with."""
