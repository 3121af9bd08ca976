"""Every kind of button that the program declares."""

import sys
from typing import Any

import duty_teller.handlers.bot  # loads whatever declares one
from duty_teller.handlers.settings import pages
from duty_teller.utils.callback_data import Data

Kind = Data[*tuple[Any, ...]]

assert duty_teller.handlers.bot


def _constants() -> list[Kind]:
    modules = [module for name, module in sys.modules.items() if name.startswith("duty_teller.")]
    kinds = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Data)}
    return list(kinds.values())


CONSTANTS = _constants()
"""Those of modules, each once, however many of them know it."""
OF_SETTINGS = [kind for kind in pages._KINDS.values() if not any(kind is other for other in CONSTANTS)]
"""Those that the pages of the settings declare by their words."""
KINDS = sorted(CONSTANTS + OF_SETTINGS, key=lambda kind: kind.head)
