# `make demo` shows three communities at work; `make test` tests everything. CONTRIBUTING.md explains the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := demo
.PHONY: demo run venv postgres test catalogues test-deps debian-packages check static style types contracts conformance bench lock clean

# The first interpreter found that is new enough; `make demo PYTHON=/path/to/python` overrides the search.
PYTHON ?= $(shell for it in python3 python3.13 python3.12 python3.11; do \
	"$$it" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$it" && break; done)

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
POSTGRES := $(VENV)/.postgres
TESTING := $(VENV)/.testing
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
STRANGER := tests/interop/fedify
NPM_FOLDERS := $(STRANGER) tests/browser

# What `make run` uses when it creates the node in ./data.
NAME ?= Our community
ARGS ?=

demo: $(RUNTIME)
	@$(BIN)/manyhands demo $(ARGS)

run: $(RUNTIME)
	@test -e data/config.toml || $(BIN)/manyhands init --name "$(NAME)" --base-url http://localhost:8440 --data-dir data
	@exec $(BIN)/manyhands serve --data-dir data $(ARGS)

# Everything the program needs, in .venv, and nothing started; with `make postgres` also what it needs for PostgreSQL.
venv: $(RUNTIME)
postgres: $(POSTGRES)

test: $(TESTING)
	$(BIN)/pytest $(ARGS)

check: static
	$(BIN)/pytest

static: style types contracts

style: $(TESTING)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(TESTING)
	$(BIN)/mypy

contracts: $(TESTING)
	$(BIN)/lint-imports

# Every sentence of the program into each language's catalogue; `make catalogues ARGS=de` begins another language.
catalogues: $(TESTING)
	@$(BIN)/python -m tests.catalogues $(ARGS)

conformance: $(TESTING)
	@$(BIN)/python tests/conformance.py

bench: $(TESTING)
	@if test -e tests/bench/__main__.py; then $(BIN)/python -m tests.bench $(ARGS); \
	else echo "There are no benchmarks yet: tests/bench is empty, so nothing was measured."; fi

# The two stamps: a second `make demo` or `make test` starts at once, a changed lock installs again.
$(RUNTIME): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Manyhands needs Python 3.11 or newer, and none was found. Install it, then run this again." >&2; exit 1; }
	@echo "Preparing $(VENV); the first time takes about a minute."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(POSTGRES): $(RUNTIME) requirements-postgres.lock
	@$(PIP) install --require-hashes -r requirements-postgres.lock
	@touch $@

$(TESTING): $(RUNTIME) tests/requirements.lock
	@$(PIP) install --require-hashes -r tests/requirements.lock
	@touch $@

# What the heavier suites talk to: a browser, a database server, a proxy, checkers, an independent server.
DEBIAN := chromium postgresql caddy docker-compose systemd
test-deps: $(NPM_FOLDERS:%=%/node_modules/.installed)

%/node_modules/.installed: %/package.json | debian-packages
	npm install --prefix $* --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

# The same browser at the same version without what stands around a page; where it cannot be had, the whole one is used.
debian-packages:
	@if ! command -v apt-get >/dev/null || test "$$(id -u)" != 0; then \
		echo "Only root on Debian can install these here; see that you have them: $(DEBIAN) npm"; \
	else \
		wanted="$(DEBIAN)"; command -v npm >/dev/null || wanted="$$wanted npm"; \
		dpkg --status $$wanted >/dev/null 2>&1 || \
		DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends $$wanted || exit 1; \
		chromium=$$(dpkg-query --show --showformat='$${Version}' chromium); \
		dpkg --status chromium-headless-shell >/dev/null 2>&1 || \
		DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends \
			"chromium-headless-shell=$$chromium" || \
		echo "Without chromium-headless-shell the tests of pages take longer."; \
	fi

# Names, versions and hashes from the public registry only: this machine's own pip settings (mirrors, local
# folders of wheels) are kept out, because their files may have other hashes and their addresses do not belong here.
COMPILE := env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null \
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --resolver=backtracking --no-config \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate
PROJECT := import tomllib; project = tomllib.load(open("pyproject.toml", "rb"));
POSTGRES_REQUIREMENTS := $(PROJECT) print(*project["project"]["optional-dependencies"]["postgres"], sep="\n")
TEST_REQUIREMENTS := $(PROJECT) \
	print(*project["project"]["dependencies"], *project["dependency-groups"]["test"], sep="\n")
lock: $(TESTING)
	$(COMPILE) $(ARGS) --build-deps-for editable --output-file requirements.lock pyproject.toml
	$(BIN)/python -c '$(POSTGRES_REQUIREMENTS)' | \
		$(COMPILE) $(ARGS) --constraint requirements.lock --output-file requirements-postgres.lock -
	$(BIN)/python -c '$(TEST_REQUIREMENTS)' | \
		$(COMPILE) $(ARGS) --constraint requirements.lock --constraint requirements-postgres.lock \
		--output-file tests/requirements.lock -
	sed -i.old '/^#/d' requirements-postgres.lock tests/requirements.lock
	rm requirements-postgres.lock.old tests/requirements.lock.old

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf $(NPM_FOLDERS:%=%/node_modules)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
