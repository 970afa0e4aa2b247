# make run     start AudioGroove: its web page, and the chats that have a token in .env
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

# Debian's and Ubuntu's packages can be had by root, and by whoever needs no password for sudo.
APT = $$([ "$$(id -u)" = 0 ] || echo sudo -n) apt-get -qq -o DPkg::Lock::Timeout=60
APT_INSTALL = { $(APT) install --yes --no-install-recommends $(1) || { $(APT) update && \
  $(APT) install --yes --no-install-recommends $(1); }; } >/dev/null 2>&1

.PHONY: setup sound browser run test format lock
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
	@$(MAKE) --no-print-directory sound
	@touch $@

# FluidSynth, which plays the pieces, is a library of the system. Where it cannot be had without
# asking, AudioGroove says at its start what to type, and does without sound.
sound:
	@$(BIN)/python -c 'import fluidsynth' >/dev/null 2>&1 \
	  || { command -v apt-get >/dev/null && $(call APT_INSTALL,libfluidsynth3); } \
	  || { command -v brew >/dev/null && brew install --quiet fluid-synth; } \
	  || $(BIN)/python -c 'from audiogroove.render import installing as i; \
	       print("For sound, install FluidSynth:", i.how_to_install_here())'

# The tests drive the page in the system's own Chromium; without one they leave that out.
browser:
	@command -v chromium >/dev/null \
	  || { command -v apt-get >/dev/null && $(call APT_INSTALL,chromium); } \
	  || echo "Chromium was not installed: the page is not tested in a browser."

run: $(READY)
	@HOMEBREW_PREFIX=$${HOMEBREW_PREFIX:-$$(brew --prefix 2>/dev/null)} $(BIN)/python -m bots

# pytest's closing line ends the output, bar one line of coverage; the full report is shown
# where it fails, and otherwise kept in $(REPORT).
test: $(READY) browser
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
# The locks record neither folders nor indexes, and keep their versions unless a bound moved.
# run.txt is what the container holds: the same versions, without what only tests need.
LOCK = $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-emit-package torch -c requirements/torch-constraint.txt --custom-compile-command "make lock" \
  --quiet
lock:
	$(LOCK) --extra dev -o requirements/lock.txt
	$(LOCK) -c requirements/lock.txt -o requirements/run.txt
