"""The house keeps the rules that `docs/architecture.md` tells of and import-linter cannot see."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from duty_teller.domain.shift import EventType

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "duty_teller"


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))


def test_writing_sessions_are_opened_by_the_composition_alone() -> None:
    found = set()
    for name, tree in _modules():
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called.endswith("session_scope") and any(key.arg in ("write", None) for key in node.keywords):
                found.add(name)
            if called.endswith("session_scope") and len(node.args) > 1:
                found.add(name)

    assert found == {"composition.py"}


def test_domain_knows_neither_database_nor_telegram() -> None:
    known = {"domain", "utils", "i18n"}
    foreign = set()
    for name, tree in _modules():
        if not name.startswith("domain/"):
            continue
        for node in ast.walk(tree):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                first, _dot, rest = module.partition(".")
                own = first == "duty_teller" and rest.split(".")[0] in known
                if not own and first not in sys.stdlib_module_names:
                    foreign.add(f"{name}: {module}")
    assert foreign == set()


def test_types_of_shifts_are_named_in_the_domain_alone() -> None:
    """No bare text of a type: whoever asks for one takes it from `EventType`, or asks what follows from it."""
    named = set()
    for name, tree in _modules():
        if name == "domain/shift.py":
            continue
        for node in ast.walk(tree):
            equal = isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq))
            compared = [node.left, *node.comparators] if isinstance(node, ast.Compare) and equal else []
            texts = [part.value for part in compared if isinstance(part, ast.Constant)]
            if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
                texts = [part.value for part in node.elts if isinstance(part, ast.Constant)]
                texts = texts if sum(text in set(EventType) for text in texts) > 1 else []
            if set(texts) & set(EventType):
                named.add(f"{name}:{node.lineno}")
    assert named == set()
