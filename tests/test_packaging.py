"""Set-up, the service unit and what goes into packages."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from duty_teller.config import EXIT_CONFIGURATION, Settings
from duty_teller.db.migrations import known_revisions
from duty_teller.utils import exit_codes
from tests.missing import missing

ROOT = Path(__file__).resolve().parents[1]
UNIT = ROOT / "systemd" / "duty-teller.service"
POSIX = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}

FAKE_PYTHON = r"""#!/bin/sh
# Stands in for a Python: makes the venv's interpreter, and fails or succeeds at installing as told.
case "$*" in
    -c*) exit {check} ;;
    "-m venv"*)
        mkdir -p .venv/bin
        printf '#!/bin/sh\nexec "{python}" "$@"\n' > .venv/bin/python
        chmod +x .venv/bin/python ;;
    "-m pip"*) exit {install} ;;
    --version) echo "Python 3.9.2" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what the set-up needs of the project, and a product that tells how it was started."""
    for name in ("Makefile", "pyproject.toml", "packaging", "requirements"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    package = tmp_path / "duty_teller"
    (package / "handlers").mkdir(parents=True)
    for file in ("run.py", "handlers/bot.py"):  # what is compiled at once
        (package / file).touch()
    (package / "__main__.py").write_text("import sys; print('started', *sys.argv[1:])")
    return tmp_path


def _make(folder: Path, *arguments: str, check: int = 0, install: int = 0) -> "subprocess.CompletedProcess[str]":
    fake = folder / "fake-python"
    fake.write_text(FAKE_PYTHON.format(python=sys.executable, check=check, install=install))
    fake.chmod(0o755)
    return subprocess.run(
        ["make", f"PYTHON={fake}", *arguments], cwd=folder, env=POSIX, capture_output=True, text=True, timeout=60
    )


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


# --- make -----------------------------------------------------------------------------------------------------------


def test_run_without_token_starts_the_demo(clone: Path) -> None:
    result = _make(clone, "run")

    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "started demo")


@pytest.mark.parametrize("line", ["BOT_TOKEN=1:abc", 'export BOT_TOKEN="1:abc"', "BOT_TOKEN_FILE=/run/token"])
def test_run_with_token_in_env_file_starts_the_bot(clone: Path, line: str) -> None:
    (clone / ".env").write_text(f"# mine\n{line}\n")

    result = _make(clone, "run")

    assert result.stdout.splitlines()[-1] == "started run"


def test_run_with_untouched_env_example_starts_the_demo(clone: Path) -> None:
    shutil.copy(ROOT / ".env.example", clone / ".env")

    result = _make(clone, "run")

    assert result.stdout.splitlines()[-1] == "started demo"


def test_run_twice_installs_once(clone: Path) -> None:
    first, second = _make(clone, "run"), _make(clone, "run")

    assert (first.stdout.count("Installing"), second.stdout.count("Installing")) == (1, 0)


def test_run_after_changed_requirements_installs_again(clone: Path) -> None:
    _make(clone, "run")
    stamp = (clone / ".venv" / ".run-ready").stat().st_mtime
    os.utime(clone / "requirements" / "run.txt", (stamp + 5, stamp + 5))

    result = _make(clone, "run")

    assert result.stdout.count("Installing") == 1


def test_failed_installation_is_not_taken_for_done(clone: Path) -> None:
    failed = _make(clone, "run", install=1)
    after = _make(clone, "run")

    assert failed.returncode != 0
    assert (after.returncode, after.stdout.count("Installing")) == (0, 1)


def test_old_python_is_refused_by_name(clone: Path) -> None:
    result = _make(clone, "run", check=1)

    assert result.returncode != 0
    assert re.search(r"^Python 3\.11 or newer is needed, and '.*fake-python' is Python 3\.9\.2\.", result.stderr)
    assert not (clone / ".venv").exists()


def test_missing_python_is_named(clone: Path) -> None:
    result = subprocess.run(
        ["make", "PYTHON=python3.99", "run"], cwd=clone, env=POSIX, capture_output=True, text=True, timeout=60
    )

    assert result.returncode != 0
    assert result.stderr.startswith("Python 3.11 or newer is needed, and there is no 'python3.99' here.")


# --- requirements ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "binary.txt"])
def test_requirements_are_pinned_with_hashes_and_hold_no_address(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements" / name).read_text(encoding="utf-8").strip())

    unpinned = [
        block for block in blocks if not re.match(r"[a-z0-9._-]+(\[[a-z,-]+\])?==\S+.*\n +--hash=sha256:", block)
    ]

    assert unpinned == []
    assert not re.search(r"://|--index|--find-links", "\n".join(blocks))


def test_run_requirements_are_those_of_the_tools() -> None:
    assert _pins("run.txt").items() <= _pins("dev.txt").items()


def test_requirements_name_every_dependency_of_the_project() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["dependencies"]

    names = {re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower() for requirement in declared}  # type: ignore[index]

    assert names - set(_pins("run.txt")) == set()


def test_package_data_holds_every_file_of_the_page() -> None:
    """A wheel takes along what pyproject.toml names; all that is no Python and lies in the package must be named."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["setuptools"]["package-data"]["duty_teller"]
    package = ROOT / "duty_teller"
    files = {path for path in package.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}

    named = {
        path for pattern in patterns for path in package.glob(pattern + "/*" if pattern.endswith("**") else pattern)
    }

    assert files - named == set()


# --- systemd --------------------------------------------------------------------------------------------------------


def _unit() -> dict[str, list[str]]:
    lines = re.findall(r"^([A-Za-z]+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    unit: dict[str, list[str]] = {}
    for name, value in lines:
        unit.setdefault(name, []).append(value)
    return unit


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `make wheel` builds, installed beside nothing else of the project."""
    sources = tmp_path_factory.mktemp("sources")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.split("\0"):
        wanted = name.startswith(("duty_teller/", "alembic/", "systemd/")) or "/" not in name
        if wanted and (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, sources / name)
    program = "from setuptools.build_meta import build_wheel; print(build_wheel('wheels'))"
    (sources / "wheels").mkdir()
    built = subprocess.run([sys.executable, "-c", program], cwd=sources, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(sources / "wheels" / built.stdout.splitlines()[-1]) as wheel:
        wheel.extractall(target)
    return target


def test_wheel_brings_all_it_needs_and_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    where = "import duty_teller; print(duty_teller.__file__)"
    environment = {**POSIX, "PYTHONPATH": str(installed), "DATA_DIR": "data", "DUTY_DISPLAY_TZ": "UTC"}

    def python(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )

    assert python("-c", where).stdout.startswith(str(installed))
    migrated = python("-m", "duty_teller", "migrate")

    assert (migrated.returncode, migrated.stdout) == (0, f"migrated to schema {known_revisions()[-1]}\n")
    beside = {name: ROOT / name for name in ("alembic", "systemd")}
    for part, home in {**beside, "webapp": ROOT / "duty_teller/webapp"}.items():
        assert _files(home) == _files(installed / "duty_teller" / part), part


def _files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if "__pycache__" not in path.parts}


def test_unit_agrees_with_the_program() -> None:
    unit = _unit()

    assert unit["Type"] == ["notify"]
    assert unit["NotifyAccess"] == ["all"]
    assert unit["RestartPreventExitStatus"] == [f"65 66 73 77 {EXIT_CONFIGURATION} 243"]
    variables = {value.split("=")[0].removesuffix("_FILE").lower() for value in unit["Environment"]}
    assert variables <= set(Settings.__dataclass_fields__)


def test_unit_keeps_the_token_out_of_the_environment() -> None:
    unit = _unit()

    assert unit["LoadCredential"] == ["bot_token:/etc/duty-teller/bot_token"]
    assert unit["Environment"] == ["BOT_TOKEN_FILE=%d/bot_token"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_unit_is_accepted_and_hardened(tmp_path: Path) -> None:
    """The exposure is 1.2 of 10 (systemd 252), and may be 1.3."""
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/bin/duty-teller", sys.executable))

    verify = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, timeout=60)
    security = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=13", copy],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (verify.returncode, verify.stderr) == (0, "")
    assert security.returncode == 0, security.stdout[-200:]


# --- the Debian package and the container -------------------------------------------------------------------------


def test_man_page_tells_every_command_and_exit_code() -> None:
    page = (ROOT / "packaging" / "deb" / "duty-teller.1").read_text(encoding="utf-8")
    listed = page.split(".SH COMMANDS")[1].split(".SH FILES")[0]
    usage = subprocess.run([sys.executable, "-m", "duty_teller", "--help"], capture_output=True, text=True, timeout=60)
    commands = set(re.findall(r"^    (\w+)(?:  |$)", usage.stdout, re.MULTILINE))

    assert {"run", "import", "doctor"} <= commands
    assert set(re.findall(r"^\.TP\n\.BI? (\w+)", listed, re.MULTILINE)) == commands
    codes = {str(value) for name, value in vars(exit_codes).items() if name.isupper()}
    assert codes <= set(re.findall(r"\b\d+\b", page.split(".SH EXIT STATUS")[1].split(".SH EXAMPLES")[0]))


@pytest.mark.parametrize(
    "script",
    [
        "deb/build.sh",
        "deb/postinst",
        "deb/prerm",
        "deb/postrm",
        "docker/entrypoint.sh",
        "arm64.sh",
        "checksums.sh",
        "bootloader/build.sh",
    ],
)
def test_script_of_a_package_can_be_run_by_sh(script: str) -> None:
    path = ROOT / "packaging" / script

    assert os.access(path, os.X_OK)
    assert subprocess.run(["sh", "-n", path], capture_output=True, text=True).stderr == ""


def test_unit_of_the_package_lets_only_the_program_itself_speak(tmp_path: Path) -> None:
    """What the build makes of the unit, by the build's own line."""
    build = (ROOT / "packaging" / "deb" / "build.sh").read_text(encoding="utf-8")
    (line,) = re.findall(r"^sed -e '1,.*?systemd/duty-teller.service", build, re.MULTILINE | re.DOTALL)

    made = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert made.startswith("[Unit]\n")
    assert ("NotifyAccess=main\n" in made, "READY=1" in made) == (True, False)


@pytest.mark.parametrize(
    ("words", "migrate", "ran", "code"),
    [
        ([], 0, ["migrate", "run"], 0),
        (["run"], 78, ["migrate"], 78),
        (["import", "may.xlsx", "--dry-run"], 0, ["import may.xlsx --dry-run"], 0),
    ],
)
def test_entrypoint_migrates_and_becomes_the_program(
    tmp_path: Path, words: list[str], migrate: int, ran: list[str], code: int
) -> None:
    program = tmp_path / "duty-teller"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/ran\n[ "$1" != migrate ] || exit {migrate}\necho $$\n')
    program.chmod(0o755)
    entry = subprocess.Popen(
        [ROOT / "packaging" / "docker" / "entrypoint.sh", *words],
        env={"PATH": f"{tmp_path}:{POSIX['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    said, _nothing = entry.communicate(timeout=60)

    assert (entry.returncode, (tmp_path / "ran").read_text().splitlines()) == (code, ran)
    assert said.strip() == ("" if code else str(entry.pid))  # the same process: signals reach the program


def test_container_recipe_names_what_there_is() -> None:
    """No engine runs here: what the recipe takes from the project has to be there, and not left out of its folder."""
    recipe = (ROOT / "packaging" / "docker" / "Dockerfile").read_text(encoding="utf-8")
    left_out = (ROOT / "packaging" / "docker" / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {
        "setup.py",
        "MANIFEST.in",
        "duty_teller",
        "alembic",
        "systemd",
        project["readme"],
        *project["license-files"],
    }
    needed |= set(re.findall(r"^COPY (?:--chmod=\d+ )?([a-z][^ ]*/\S+) /", recipe, re.MULTILINE))
    needed |= set(re.findall(r" -r (\S+)", recipe))
    settings = dict(re.findall(r"\b([A-Z_]+)=(\S+)", re.sub(r"^#.*", "", recipe, flags=re.MULTILINE)))
    python = re.findall(r"^FROM python:(\d+\.\d+)", recipe, re.MULTILINE)

    assert "packaging/docker/entrypoint.sh" in needed and "requirements/run.txt" in needed
    assert [name for name in needed if not (ROOT / name).exists()] == []
    assert [name for name in needed if name.split("/")[0] in left_out or name in left_out] == []
    assert Settings.from_env({name: settings[name] for name in ("DATA_DIR", "HTTP_HOST")}).http_host == "0.0.0.0"
    assert len(python) == 2 and set(python) == {project["requires-python"].removeprefix(">=")}
    for kind, words in re.findall(r"^(CMD|ENTRYPOINT|HEALTHCHECK.* CMD) (\[.*\])$", recipe, re.MULTILINE):
        known = {"ENTRYPOINT": "entrypoint.sh", "CMD": "run"}.get(kind, "duty-teller healthcheck")
        assert " ".join(json.loads(words)) == known


# --- what the builds say of themselves ------------------------------------------------------------------------------


def _glibc(*paths: Path) -> "subprocess.CompletedProcess[str]":
    if shutil.which("readelf", path=POSIX["PATH"]) is None:
        missing("readelf", "Debian: binutils")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from glibc import needed_glibc; "
        "print(needed_glibc(map(Path, sys.argv[2:])))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, ROOT / "packaging", *paths], capture_output=True, text=True, timeout=60
    )


def test_needed_glibc_is_the_highest_that_a_program_asks_for() -> None:
    programs = [Path(sys.executable).resolve(), Path("/bin/sh").resolve(), ROOT / "Makefile"]
    # A program defines none itself: whatever version its table of names holds, it asks for.
    names = {
        (int(major), int(minor))
        for program in programs
        for major, minor in re.findall(rb"\x00GLIBC_(\d+)\.(\d+)(?=\x00)", program.read_bytes())
    }

    found = _glibc(*programs)

    assert (found.returncode, found.stdout.strip()) == (0, "{}.{}".format(*max(names)))


def test_needed_glibc_of_nothing_compiled_is_an_error() -> None:
    assert "nothing compiled" in _glibc(ROOT / "Makefile").stderr


def test_bootloader_of_a_32_bit_board_is_refused_with_what_to_do() -> None:
    done = subprocess.run(
        [ROOT / "packaging" / "bootloader" / "build.sh", "armv7l"],
        env=POSIX,
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert done.returncode == 1
    assert "x86_64 and aarch64, and this is armv7l" in done.stderr
