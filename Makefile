# Everything here works in a fresh clone with Python 3.11+ (with pip), git and make. `make help` lists the targets.

PYTHON ?= python3
# More arguments for pytest, e.g. make test ARGS="tests/test_config.py -k port"
ARGS ?=
# How many tests run at once: of five two or three wait for something, so five for two processors.
WORKERS ?= $(shell echo $$(( 5 * $$(getconf _NPROCESSORS_ONLN) / 2 )))
UV ?= uv

VENV := .venv
PY := $(VENV)/bin/python
RUN_READY := $(VENV)/.run-ready
TSC_READY := $(VENV)/.typescript-ready
DEV_READY := $(VENV)/.dev-ready
# What only builds need, beside the environment that is built from.
TOOLS := build/tools
TOOLS_READY := $(TOOLS)/.ready
READERS_READY := $(VENV)/.readers-ready
# What is installed for `run`: the tools are not needed, but where they are, they are kept up to date together.
READY := $(if $(wildcard $(DEV_READY)),$(DEV_READY),$(RUN_READY))

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ Use

.PHONY: run
run: $(READY) ## Start the product: with a BOT_TOKEN the bot, without one the demo
	@exec $(PY) packaging/start.py

# The same sources give the same bytes: these two, and the date of the last commit in place of the clock.
binary deb: export PYTHONHASHSEED = 1
binary deb: export SOURCE_DATE_EPOCH = $(shell git log -1 --format=%ct 2>/dev/null || echo 1700000000)
PYINSTALLER = $(PY) -X no_debug_ranges -m PyInstaller --noconfirm --clean --log-level ERROR

.PHONY: binary
binary: $(DEV_READY) $(TOOLS_READY) ## Build dist/duty-teller, one file that needs no Python
	@packaging/debian-packages.sh binary
	@PYTHON="$(PYTHON)" packaging/bootloader/build.sh
	@$(PYINSTALLER) duty_teller.spec
	@echo "dist/duty-teller: $$(( $$(wc -c < dist/duty-teller) / 1024 )) KiB"
	@$(TOOLS)/bin/python packaging/contents.py build/duty_teller/contents.json dist/duty-teller dist/duty-teller.cdx.json
	@packaging/checksums.sh

.PHONY: deb
deb: $(DEV_READY) $(TOOLS_READY) ## Build the Debian package of this machine's architecture into dist/
	@packaging/debian-packages.sh binary
	@packaging/debian-packages.sh deb
	@DUTY_TELLER_FORMS=folder $(PYINSTALLER) --workpath build/folder duty_teller.spec
	@packaging/deb/build.sh
	@deb=$$(ls -t dist/duty-teller_*.deb | head -n 1); $(TOOLS)/bin/python packaging/contents.py \
		build/folder/duty_teller/contents.json $$deb $${deb%.deb}.cdx.json
	@packaging/checksums.sh

.PHONY: wheel
wheel: $(DEV_READY) ## Build a wheel into dist/, for pipx or uv tool install
	@rm -rf build/lib dist/*.whl
	@$(PYTHON) -m pip --python $(PY) --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@echo dist/*.whl

##@ Work on it

.PHONY: test-package
test-package: deb binary wheel ## Boot a bare Debian 12 (root, debootstrap, systemd-nspawn) and live with what we deliver in it
	@packaging/debian-packages.sh machine
	@packaging/test/next_release.sh build/next
	@$(PY) -u packaging/test dist/duty-teller_*_$$(dpkg --print-architecture).deb --newer build/next/next.deb \
		--binary dist/duty-teller --wheel dist/*.whl $(ARGS)

# Test files are compiled once, also where the environment keeps Python from writing what it compiled (as containers do).
.PHONY: test
test: $(DEV_READY) $(READERS_READY) ## Run every test (ARGS="tests/test_config.py -k port" narrows it down)
	@packaging/debian-packages.sh test
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) $(ARGS)

.PHONY: test-postgresql
test-postgresql: $(DEV_READY) ## Run the database tests on a PostgreSQL server of their own, started for them
	@packaging/debian-packages.sh postgresql
	@$(PIP) "psycopg[binary]>=3.3"
	@packaging/postgresql.sh $(PY) -m pytest -n 2 $(or $(ARGS),$(ON_SERVER))

# What runs on a server too: all that is said about the schedule, people, requests and what they are told.
ON_SERVER := tests/db tests/services

.PHONY: check
check: lint test ## Format, lint, types, layers and every test: what CI runs

.PHONY: lint
lint: $(DEV_READY) $(TSC_READY) ## Only the checks that run no code: format, lint, types, layers
	@echo "format" && $(PY) -m black --check --quiet . || { $(PY) -m black --quiet --diff .; exit 1; }
	@echo "lint" && $(PY) -m ruff check --quiet .
	@echo "types" && $(PY) -m mypy --no-error-summary && $(PY) -m mypy --no-error-summary packaging/bench packaging/start.py && $(PY) -m mypy --no-error-summary packaging/test
	@echo "types of the Mini App" && $(VENV)/bin/tsc --project . && $(VENV)/bin/tsc --project packaging/typescript
	@echo "layers" && $(VENV)/bin/lint-imports --no-cache > $(VENV)/layers.log 2>&1 || { cat $(VENV)/layers.log; exit 1; }

.PHONY: format
format: $(DEV_READY) ## Let Black and Ruff rewrite the sources
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m black --quiet .

.PHONY: bench
bench: $(DEV_READY) ## Measure the product beside its floors and print ratios
	@$(PY) packaging/bench

.PHONY: screenshots
screenshots: $(DEV_READY) ## Take a picture of each state of the product into docs/screenshots
	@packaging/debian-packages.sh test
	@$(PY) packaging/screenshots.py

.PHONY: rosters
rosters: $(DEV_READY) ## Draw 5,000 roster files, read them and compare (ARGS="--count 500 --seed 7")
	@$(PY) -m tests.importers.grammar $(ARGS)

.PHONY: requirements
requirements: ## Pin the requirements again with uv (ARGS=--upgrade takes newer versions)
	@command -v $(UV) > /dev/null || { echo "This needs uv (pip install uv), or UV=/path/to/uv" >&2; exit 1; }
	@$(UV) pip compile pyproject.toml --group dev $(PIN) $(ARGS) -o requirements/dev.txt
	@cp requirements/dev.txt requirements/run.txt  # uv keeps the versions it finds there: both files agree
	@$(UV) pip compile pyproject.toml --group build $(PIN) -o requirements/run.txt
	@$(UV) pip compile --group node $(PIN) $(ARGS) -o requirements/node.txt
	@$(UV) pip compile --group binary $(PIN) $(ARGS) -o requirements/binary.txt
	@$(UV) pip compile --group readers $(PIN) $(ARGS) -o requirements/readers.txt

.PHONY: clean
clean: ## Remove what make made: .venv, builds and caches (never your data)
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

# No addresses in the files: they install from whatever index pip is set up with.
PIN := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

# --- .venv, built on first use -------------------------------------------------------------------------------------
# A stamp appears only after the last step, so an interrupted installation starts again. Debian has no ensurepip, hence
# a venv without pip, filled by the pip outside of it.

$(TSC_READY): packaging/typescript/package-lock.json packaging/typescript.sh requirements/node.txt | $(DEV_READY)
	@rm -f $@
	@echo "Installing packaging/typescript into $(VENV) …"
	@PYTHON="$(PYTHON)" packaging/typescript.sh "$(VENV)"
	@touch $@

$(TOOLS_READY): requirements/binary.txt packaging/venv.sh
	@rm -f $@
	@PYTHON="$(PYTHON)" packaging/venv.sh $(TOOLS)
	@echo "Installing requirements/binary.txt into $(TOOLS) …"
	@$(PYTHON) -m pip --python $(TOOLS)/bin/python --disable-pip-version-check install --quiet --require-hashes \
		-r requirements/binary.txt
	@touch $@

# The tests run without them, and say which reader is missing; in CI that is a failure.
READERS := packaging/readers/package-lock.json requirements/readers.txt requirements/node.txt
$(READERS_READY): packaging/readers.sh $(READERS) | $(DEV_READY)
	@rm -f $@
	@echo "Installing calendar programs for the tests into $(VENV)/readers …"
	@PYTHON="$(PYTHON)" packaging/readers.sh "$(VENV)" && touch $@ || echo "They could not be installed; going on without." >&2

PIP := $(PYTHON) -m pip --python $(PY) --disable-pip-version-check install --quiet

$(VENV)/.%-ready: requirements/%.txt pyproject.toml packaging/venv.sh
	@rm -f $@
	@PYTHON="$(PYTHON)" packaging/venv.sh "$(VENV)"
	@echo "Installing requirements/$*.txt into $(VENV) …"
	@$(PIP) --require-hashes -r requirements/$*.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@$(PY) -m compileall -q duty_teller && $(PY) -X no_debug_ranges -m compileall -q -o 2 duty_teller
	@# What the service loads is compiled now: a first start that compiled it would be slower and keep 9 MiB more.
	@PYTHONDONTWRITEBYTECODE= $(PY) -OO -X no_debug_ranges -c "import duty_teller.run, duty_teller.handlers.bot"
	@touch $@
