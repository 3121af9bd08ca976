"""What the papers say holds: settings, make targets, links and the version."""

import re
from dataclasses import Field, fields
from pathlib import Path

import pytest

from duty_teller import __version__
from duty_teller.config import Settings
from duty_teller.handlers.transport import command_lists
from duty_teller.i18n import t

ROOT = Path(__file__).resolve().parents[1]
PAPERS = (
    "README.md",
    "README.ru.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *sorted(f"docs/{path.name}" for path in (Path(__file__).resolve().parents[1] / "docs").glob("*.md")),
)
SETTINGS = {option.name.upper(): option for option in fields(Settings)}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _rows(text: str) -> list[str]:
    """Names in the first column of a table, from the rows that begin with "| `NAME` |"."""
    return re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", text, re.MULTILINE)


def _assignments(text: str) -> dict[str, str]:
    """The variables of an environment file, commented out or not."""
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))


def _make_targets(text: str) -> set[str]:
    """Targets named in code, inline or fenced: prose may "make sure"."""
    fenced = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return {target for code in fenced + inline for target in re.findall(r"\bmake ([a-z][a-z-]*)", code)}


def _links(text: str) -> set[str]:
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\]\(([^()\s]+)(?: \"[^\"]*\")?\)", text)
    found += re.findall(r"<(?:img|source|a)\b[^>]*?\b(?:src|srcset|href)=\"([^\"\s]+)\"", text)
    return {link for link in found if not re.match(r"[a-z][a-z0-9+.-]*:", link)}


def _anchors(text: str) -> set[str]:
    """The addresses GitHub gives to headings."""
    headings = re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_table_of_settings_names_every_setting_once() -> None:
    rows = _rows(_text("docs/settings.md"))

    assert sorted(rows) == sorted(SETTINGS)


def test_env_example_names_every_setting() -> None:
    assert sorted(_assignments(_text(".env.example"))) == sorted(SETTINGS)


def test_env_example_with_everything_switched_on_is_a_valid_configuration() -> None:
    given = _assignments(_text(".env.example")) | {"BOT_TOKEN": "1:abc", "ADMIN_IDS": "1001"}

    Settings.from_env(given, serving=True)


def _has_default(option: "Field[object]") -> bool:
    return bool(option.default) and not option.metadata["secret"]


@pytest.mark.parametrize("name", sorted(name for name, option in SETTINGS.items() if _has_default(option)))
def test_env_example_shows_the_default(name: str) -> None:
    shown = _assignments(_text(".env.example"))[name]

    assert SETTINGS[name].metadata["parse"](shown) == SETTINGS[name].default


@pytest.mark.parametrize("paper", PAPERS)
def test_make_targets_named_in_papers_exist(paper: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", _text("Makefile"), re.MULTILINE))

    assert _make_targets(_text(paper)) - targets == set()


def test_make_help_lists_every_target() -> None:
    makefile = _text("Makefile")

    assert re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE) == re.findall(
        r"^\.PHONY: (.+)$", makefile, re.MULTILINE
    )


@pytest.mark.parametrize("paper", PAPERS)
def test_relative_links_lead_somewhere(paper: str) -> None:
    broken = set()
    for link in _links(_text(paper)):
        path, _, anchor = link.partition("#")
        target = (ROOT / paper).parent / path if path else ROOT / paper
        if not target.exists() or (anchor and anchor not in _anchors(target.read_text(encoding="utf-8"))):
            broken.add(link)

    assert broken == set()


def test_readmes_are_one_paper_in_two_languages() -> None:
    """The same sections, commands, links and pictures; only the words differ, in pictures too."""
    english, russian = _text("README.md"), _text("README.ru.md")
    pictures = {re.sub(r"\.ru\.(?=(light\.)?png$)", ".en.", link) for link in _links(russian)}

    def named(text: str) -> set[str]:
        return _make_targets(text) | set(re.findall(r"BOT_TOKEN|ADMIN_IDS|`/\w+`", text))

    assert [len(line.split()[0]) for line in re.findall(r"^#+ .*$", english, re.MULTILINE)] == [
        len(line.split()[0]) for line in re.findall(r"^#+ .*$", russian, re.MULTILINE)
    ]
    assert named(english) == named(russian)
    assert _links(english) ^ pictures == {"README.md", "README.ru.md"}


def test_changelog_tells_of_this_version() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", _text("CHANGELOG.md"), re.MULTILINE)

    assert versions[0] == __version__


def test_every_test_that_the_table_of_faults_names_is_there() -> None:
    rows = [line for line in _text("docs/faults.md").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named, row
        for file, test in named:
            assert re.search(rf"^(async )?def {test}\(", _text(file), re.MULTILINE), f"{file}::{test}"


def test_table_of_commands_and_help_name_every_command() -> None:
    """`/cancel` and `/help` need no line in the help itself; in groups it is another text."""
    private = (*command_lists.MEMBER_COMMANDS, *command_lists.ADMIN_COMMANDS)
    groups = (*command_lists.GROUP_COMMANDS, *command_lists.GROUP_ADMIN_COMMANDS)
    table = "".join(line for line in _text("docs/using.md").splitlines() if line.startswith("| "))
    assert [name for name in (*private, *groups) if not re.search(rf"`/{name}\b", table)] == []
    for lang in ("ru", "en"):
        told = t(lang, "bot.help") + t(lang, "bot.help_admin")
        told_there = t(lang, "bot.help_group") + t(lang, "bot.help_group_admin") + t(lang, "bot.help_untrusted")
        assert {name for name in private if not re.search(rf"/{name}\b", told)} == {"cancel", "help"}
        assert {name for name in groups if not re.search(rf"/{name}\b", told_there)} == {"help"}
