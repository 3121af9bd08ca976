"""Keeps pydantic small: 4 MiB of an idle service."""

import sys
from typing import Any

from pydantic import BaseModel


def build_on_first_use() -> None:
    """Has the validators of models built when they are first used, not when the models are defined.

    To be called before models are defined, ours (which are tables, and never validated) and FastAPI's. pydantic's old
    version, which FastAPI loads to ask of every annotation whether it is one of it, is not loaded: that nobody has
    it is an answer FastAPI knows.
    """
    BaseModel.model_config["defer_build"] = True
    modules: dict[str, Any] = sys.modules
    modules.setdefault("pydantic.v1", None)
