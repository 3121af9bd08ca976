"""Notices: what people and groups are told unasked; put in by the transaction that causes it, sent by the tick."""
