"""The Bot API's methods. Importing the package fills the registry."""

from duty_teller.bot_api_stand_in.methods import chats, messages, pins, profile, queries
from duty_teller.bot_api_stand_in.methods.registry import REGISTRY, Handler

__all__ = ["REGISTRY", "Handler", "chats", "messages", "pins", "profile", "queries"]
