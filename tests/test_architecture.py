"""The house keeps the rules that `docs/architecture.md` tells of and import-linter cannot see."""

import ast
import itertools
import re
import sys
import tomllib
from pathlib import Path

import pytest

from duty_teller.domain.shift import EventType
from tests.buttons import CONSTANTS, KINDS
from tests.sources import PACKAGE, modules, texts

ROOT = Path(__file__).resolve().parents[1]
PAPER = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = {contract["containers"][0]: contract["layers"] for contract in CONTRACTS if contract["type"] == "layers"}


def test_writing_sessions_are_opened_by_the_composition_alone() -> None:
    found = set()
    for name, tree in modules("session_scope"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            written = any(key.arg in ("write", None) for key in node.keywords) or len(node.args) > 1
            if called == "session_scope" and written:
                found.add(name)

    assert found == {"composition.py"}


def test_files_stay_at_about_four_hundred_lines() -> None:
    """Tables of words and texts may be longer; blank lines do not count."""
    lines = {name: sum(1 for line in text.splitlines() if line.strip()) for name, text in texts(besides="i18n/")}

    assert {name: number for name, number in lines.items() if number > 420} == {}


def test_buttons_become_telegrams_in_one_place() -> None:
    named = {
        name
        for name, tree in modules("Keyboard(Button|Markup)")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "telegram"
        for alias in node.names
        if re.search("Keyboard(Button|Markup)", alias.name)
    }

    assert named == {"handlers/transport/keyboards.py"}


def test_lists_are_turned_by_the_one_pager() -> None:
    """A list's page is cut in `transport.paging`; elsewhere only days, weeks and months are turned."""
    cut = {
        f"{name}:{node.lineno}"
        for name, tree in modules("page|A_PAGE", room="handlers/", besides="handlers/transport/paging.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Slice) and re.search(r"\bpage\b|\bat\b.*A_PAGE", ast.unparse(node))
    }

    assert cut == set()


def test_kinds_of_buttons_are_declared_where_they_are_found() -> None:
    """As constants of modules, or by the one table of the settings: so no test of all kinds leaves one out."""
    declared = [
        name
        for name, tree in modules("declare")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "declare"
    ]
    by_table = declared.count("handlers/settings/pages.py")

    assert by_table == 1
    assert len(CONSTANTS) == len(declared) - by_table


def test_data_of_buttons_is_made_by_its_kind_alone() -> None:
    """What a button brings back is made by a declared kind; nobody writes it out as a text."""
    heads = tuple(kind.head for kind in KINDS)
    written = set()
    begun = "[\"'](" + "|".join(map(re.escape, heads)) + ")"
    for name, tree in [*modules(begun, room="handlers/"), *modules(begun, room="services/")]:
        given = [
            part
            for node in ast.walk(tree)
            if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("Button", "button"))
            or isinstance(node, ast.Dict)
            for part in (node.args[-1:] if isinstance(node, ast.Call) else node.values)
        ]
        for part in given:
            text = part.values[0] if isinstance(part, ast.JoinedStr) and part.values else part
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value.startswith(heads):
                written.add(f"{name}:{part.lineno} {text.value}")

    assert written == set()


def test_domain_knows_neither_database_nor_telegram() -> None:
    known = {"domain", "utils", "i18n"}
    foreign = set()
    for name, tree in modules(room="domain/"):
        for node in ast.walk(tree):
            imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in imported:
                first, _dot, rest = module.partition(".")
                own = first == "duty_teller" and rest.split(".")[0] in known
                if not own and first not in sys.stdlib_module_names:
                    foreign.add(f"{name}: {module}")
    assert foreign == set()


def test_types_of_shifts_are_named_in_the_domain_alone() -> None:
    """No bare text of a type: whoever asks for one takes it from `EventType`, or asks what follows from it."""
    named = set()
    for name, tree in modules("[\"'](" + "|".join(EventType) + ")[\"']", besides="domain/shift.py"):
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


def _section(title: str) -> str:
    return PAPER.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def _rows(section: str) -> list[list[str]]:
    """The cells of a table's rows that begin with code."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:3] == "| `"]


def _code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_rooms_of_the_paper_are_those_of_the_code() -> None:
    folders = {f"{path.parent.relative_to(PACKAGE)}/" for path in PACKAGE.rglob("__init__.py")} - {"./"}
    files = {path.name for path in PACKAGE.glob("*.py") if not path.name.startswith("__")}

    assert sorted(name for row in _rows(_section("Rooms")) for name in _code(row[0])) == sorted(folders | files)


@pytest.mark.parametrize("container", LAYERS)
def test_layers_of_the_paper_are_those_that_are_checked(container: str) -> None:
    (block,) = re.findall(r"```text\n(.*?)```", _section("Who may import whom"), re.DOTALL)
    told = {
        title: " ".join(text.split()) for title, text in re.findall(r"^(\S+):\n(.*?)\n(?:\n|$)", block, re.M | re.S)
    }

    assert told[container] == " → ".join(LAYERS[container])


def test_arrows_of_the_drawing_lead_down() -> None:
    depth = {name: number for number, layer in enumerate(LAYERS["duty_teller"]) for name in re.split(r" [|:] ", layer)}
    arrows = [
        (above, below)
        for left, right in re.findall(r"^ +([\w& ]+?) --.*?> ([\w& ]+)$", _section("The drawing"), re.M)
        for above in left.split(" & ")
        for below in right.split(" & ")
    ]

    assert len(arrows) > len(depth)
    assert [(above, below) for above, below in arrows if depth[above] >= depth[below]] == []


def _late() -> dict[str, set[str]]:
    """File → the packages that it imports inside functions."""
    found: dict[str, set[str]] = {}
    for name, tree in modules(r"^[ \t]+(import|from)\b"):
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found.setdefault(name, set()).update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.setdefault(name, set()).add(node.module.split(".")[0])
    return found


def test_imports_inside_functions_are_those_of_the_paper_each_with_its_reason() -> None:
    rows = _rows(_section("Who may import whom"))

    assert {row[0].strip("`"): set(_code(row[1])) for row in rows} == _late()
    assert [row for row in rows if not row[2]] == []


def test_no_circle_is_left_where_a_function_or_a_type_check_imports() -> None:
    """import-linter sees these, too; this looks that it was told of the whole house, with nothing left out."""
    (contract,) = [contract for contract in CONTRACTS if contract["type"] == "acyclic_siblings"]

    assert contract["ancestors"] == ["duty_teller"]
    assert [one["name"] for one in CONTRACTS if "ignore_imports" in one or "skip_descendants" in one] == []


CALLED_BY_LIBRARIES = {
    "capture_signals",
    "do_process_update",
    "emit",
    "main_loop",
    "process_bind_param",
    "process_request",
    "process_result_value",
    "send_400_response",
}
"""Methods that uvicorn, python-telegram-bot, SQLAlchemy and logging call."""


def test_nothing_is_there_for_the_tests_alone() -> None:
    """By name: whatever the program defines, the program (or the benchmark) also uses."""
    defined: dict[str, str] = {}
    used: set[str] = set()
    tools = (("", ast.parse(path.read_text(encoding="utf-8"))) for path in (ROOT / "packaging").rglob("*.py"))
    for name, tree in itertools.chain(modules(), tools):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and name:
                registered = any(isinstance(decorator, ast.Call) for decorator in node.decorator_list)
                if not registered and not node.name.startswith("__"):
                    defined[node.name] = name
            elif isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not name.endswith("__init__.py"):
                used.add(node.value)

    used |= CALLED_BY_LIBRARIES

    assert {one: name for one, name in defined.items() if one not in used} == {}
