# make run     start AudioGroove: in the chats that have a token in .env, else at a prompt
# make test    check everything that CI checks
# make setup   what both do first, and only where it is missing: .venv with all packages
# make format  lay out the code and mend what ruff can mend
# make lock    resolve requirements/lock.txt anew (for maintainers; needs uv)
#
# Another Python (3.11 or newer): make run PYTHON=python3.12

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
READY := .venv/.ready
REPORT := .venv/coverage.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: setup run test format lock
.DEFAULT_GOAL := run

setup: $(READY)

# Three steps, so that no hash, no index and no build tool is asked for where it cannot be had:
# torch from PyTorch's index, all others by hash from the user's own, then this folder itself.
$(READY): requirements/torch-cpu.txt requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("AudioGroove needs Python 3.11 or newer: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PIP) install --retries 1 --no-deps -r requirements/torch-cpu.txt
	$(PIP) install --quiet --require-hashes --no-deps -r requirements/lock.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY)
	@$(BIN)/python -m bots

# pytest's closing line ends the output, bar one line of coverage; the full report is shown
# where it fails, and otherwise kept in $(REPORT).
test: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/coverage run -m pytest
	@$(BIN)/coverage report >$(REPORT) || { cat $(REPORT); exit 1; }
	@grep TOTAL $(REPORT)

format: $(READY)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# uv does not read pip's settings: a folder with torch's wheel may be named in UV_FIND_LINKS.
# The lock records neither folders nor indexes, and keeps its versions unless a bound moved.
lock:
	$(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-package torch -c requirements/torch-constraint.txt \
	  --custom-compile-command "make lock" --quiet -o requirements/lock.txt
