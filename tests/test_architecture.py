"""The house keeps the rules that `docs/architecture.md` tells of and import-linter cannot see."""

import ast
from collections.abc import Iterator
from pathlib import Path

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
