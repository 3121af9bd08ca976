"""Keeps libraries small: what the program never uses of them is not loaded, some of the rest waits for its first use.

An idle service is smaller for it, and starts sooner. `tests/process/test_idle.py` holds what is loaded against a list;
what it adds up to shows `make bench`.
"""

import importlib
import sys
from types import ModuleType
from typing import Any, Final

_ABSENT: Final = (
    "httpx._main",  # its command line; it loads click
    "pydantic.v1",  # its old version: FastAPI asks of every annotation whether it is one of it
)
"""Modules that libraries can do without: they catch the ImportError."""

_NAMES: Final = {
    # Jobs run in the event loop; it loads multiprocessing.
    "apscheduler.executors.pool": "ThreadPoolExecutor",
    # 30 models that the description of the API is checked by (`whole` brings them back for it).
    "fastapi.openapi.models": "APIKey APIKeyIn Example HTTPBase HTTPBearer OAuth2 OAuthFlows OpenAPI OpenIdConnect"
    " SecurityBase",
    # A way to set up logging that nobody takes (`utils.logs` does it); it loads servers that take orders.
    "logging.config": "",
    # Telemetry is switched off (`api.app`).
    "opentelemetry._logs": "Logger LoggerProvider SeverityNumber",
    "opentelemetry.metrics": "Histogram MeterProvider UpDownCounter",
    "opentelemetry.propagate": "",
    "opentelemetry.propagators.textmap": "Getter",
    "opentelemetry.trace": "Span SpanKind StatusCode Tracer TracerProvider",
    # pydantic's colours, deprecated, which FastAPI knows how to write.
    "pydantic.color": "Color",
    # Drivers of SQLite that are not ours.
    "sqlalchemy.dialects.sqlite.aiosqlite": "",
    "sqlalchemy.dialects.sqlite.pysqlcipher": "",
    # Its command line; it loads click and multiprocessing.
    "uvicorn.main": "Server main run",
}
"""Modules that libraries import and this program does not use, and the names that are imported from them."""


class Unused:
    """Stands for a class or a function that is only named: in an import, an annotation, a default."""

    def __class_getitem__(cls, _: Any) -> Any:
        return cls


def load_lean() -> None:
    """Sets what is loaded from now on: to be called before the libraries are; what is there already stays.

    Validators of models are built when they are first used, not when the models are defined, ours (which are tables,
    and never validated) and FastAPI's.
    """
    modules: dict[str, Any] = sys.modules
    for name in _ABSENT:
        modules.setdefault(name, None)
    for name, names in _NAMES.items():
        if name not in modules:
            modules[name] = module = ModuleType(name)
            vars(module).update(dict.fromkeys(names.split(), Unused))
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True


def whole(name: str) -> ModuleType:
    """Returns a module itself where only its names have been."""
    found = sys.modules.get(name)
    if found is not None and found.__spec__ is None:
        del sys.modules[name]
    return importlib.import_module(name)
