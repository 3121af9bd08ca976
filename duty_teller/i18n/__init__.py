"""One catalogue of Russian and English for the bot, the Mini App, the feeds and the errors."""

from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.lang import LANGUAGES, get_lang, normalize_lang

__all__ = ["LANGUAGES", "LocalizedError", "get_lang", "normalize_lang", "t"]
