"""Notices: what people and groups are told without asking, filled in the transaction that causes it, sent by the tick."""
