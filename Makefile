# Hemei: `make run` serves it, `make test` checks it; both set everything up on a fresh machine.
PYTHON ?= python3
.PHONY: setup run test lint format

setup: .venv/.run

.venv/.run: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hemei needs Python 3.11 or newer."; exit 1; }
	@[ -x .venv/bin/python ] || $(PYTHON) -m venv .venv || { echo "Python's venv is missing: on Debian, apt install python3-venv."; exit 1; }
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/.run
	.venv/bin/python -m hemei run

test: .venv/.dev
	HEMEI_DATA=$${HEMEI_DATA:-build/test} .venv/bin/python -m pytest -n 2

lint: .venv/.dev
	.venv/bin/ruff check hemei conftest.py

format: .venv/.dev
	.venv/bin/ruff format hemei conftest.py
