# Everything a newcomer needs.  `make` alone lists the commands.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "python3 (>= 3.11) with venv is needed" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $(READY)

.PHONY: setup
setup: $(READY) ## install everything into .venv

.PHONY: run
run: $(READY) ## serve on http://127.0.0.1:8080/ with demonstration people
	$(BIN)/python -m bot run --demo

.PHONY: demo
demo: $(READY) ## play the whole story in the terminal, by itself
	$(BIN)/python -m bot demo

.PHONY: test
test: $(READY) browser ## all tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile  # each process has a database server of its own

.PHONY: browser
browser: # Debian's Chromium for the tests of the web chat
	@docs/tools/install-browser

.PHONY: check
check: $(READY) ## ruff, mypy, import-linter, migrations, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.check_migrations
	$(BIN)/python -m tests.check_catalogues

.PHONY: format
format: $(READY) ## bring the code into the usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(READY) ## steps per second beside pgbench, deadlines, what is due among a million, benefits
	$(BIN)/python -m tests.bench.steps
	$(BIN)/python -m tests.bench.deadlines
	$(BIN)/python -m tests.bench.due
	$(BIN)/python -m tests.bench.benefits

.PHONY: texts
texts: $(READY) ## extract new texts into the catalogues
	$(BIN)/python -m tests.check_catalogues --update

.PHONY: pictures
pictures: $(READY) browser ## take the pictures in docs/ anew
	$(BIN)/python -m tests.pictures

.PHONY: lock
lock: ## pin the newest libraries with hashes
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --extra dev --output-file requirements.lock pyproject.toml
