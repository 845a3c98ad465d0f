# Hemei. `make run` serves it, `make test` checks it; both set everything up on a machine with Python >= 3.11 and make.
#
#   make setup          only build .venv (the command is then .venv/bin/hemei)
#   make run            serve at http://127.0.0.1:8000; settings come from the environment, see docs/operate.md
#   make test           every test in its short form, on SQLite
#   make test-full      every page in every variant, with screenshots in tests/screenshots
#   make test-postgres  the same tests on a throw-away PostgreSQL
#   make faults, load   the long forms: killed while voting, forged, loaded
#   make bench          the figures of docs/benchmarks.md
#   make lint, format   style, types, import rule, migrations, translations
#   make messages       collect and compile translations
#   make lock           resolve the lock files anew

SHELL := /bin/sh
RIGHT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(RIGHT)' 2>/dev/null && echo $$p && break; done)
ENVIRONMENT = $(if $(PYTHON),$(PYTHON) tools/environment.py,@echo "Hemei needs Python 3.11 or newer, and none was found. Say where: make PYTHON=/path/to/python3"; false)
PY := .venv/bin/python
CODE := hemei tests tools conftest.py manage.py
APART := HEMEI_DATA=$(CURDIR)/build/test HEMEI_DEMO=no
TEST := $(APART) $(PY) tools/testing.py
WORKERS ?= 2

.PHONY: setup run test test-full test-postgres faults load bench lint format messages lock

setup: .venv/.run

.venv/.run: requirements.lock tools/environment.py
	$(ENVIRONMENT)
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(ENVIRONMENT) dev
	@touch $@

run: .venv/.run
	@exec .venv/bin/hemei run

test: .venv/.dev
	@$(TEST) -n $(WORKERS)

test-full: .venv/.dev
	@HEMEI_TEST_FULL=1 $(TEST) -n $(WORKERS) tests/browser tests/journeys

test-postgres: .venv/.dev
	@$(APART) $(PY) tools/postgres.py $(PY) tools/testing.py -n $(WORKERS)

faults: .venv/.dev
	@HEMEI_TEST_LONG=1 $(TEST) -s tests/faults

load: .venv/.dev
	@HEMEI_TEST_LONG=1 $(TEST) -s tests/load

bench: .venv/.dev
	@$(PY) tests/load/bench_opinion.py --scale
	@$(PY) tests/load/bench.py
	@$(PY) tests/load/bench_engines.py

lint: .venv/.dev
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy
	.venv/bin/lint-imports
	HEMEI_DATA=$(CURDIR)/build/lint $(PY) manage.py makemigrations --check --dry-run
	$(PY) tools/messages.py check
	$(PY) tools/reference.py check
	$(PY) tools/rules.py check

format: .venv/.dev
	.venv/bin/ruff format $(CODE)
	.venv/bin/ruff check --fix $(CODE)

messages: .venv/.dev
	$(PY) tools/messages.py update
	$(PY) tools/messages.py compile

LOCKING := uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --extra postgres pyproject.toml
lock:
	$(LOCKING) -o requirements.lock
	$(LOCKING) --group dev --group test -c requirements.lock -o requirements-dev.lock
