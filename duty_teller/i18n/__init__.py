"""One catalogue of texts and one table a language for the bot, the Mini App, the feeds and the errors."""

from duty_teller.i18n.core import LocalizedError, get_lang, normalize_lang, t
from duty_teller.i18n.languages import LANGUAGES

__all__ = ["LANGUAGES", "LocalizedError", "get_lang", "normalize_lang", "t"]
