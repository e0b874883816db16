# Two words are enough: `make demo` shows what it does, `make test` proves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2
COUNT ?= 1000
SEED ?= 1
LOCKS := requirements/build.txt requirements/dev.txt requirements/runtime.txt

.PHONY: help setup demo test truth bench-accounts campaign bench-mail pictures check format-check lint types imports format image locks clean
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 14

setup: $(VENV)/.dev debian-packages $(VENV)/.servers ## everything a developer needs (as root also Debian's packages)

demo: $(VENV)/.runtime ## the main job on a shipped sample, no account needed
	@$(BIN)/inboxwatch demo

test: setup ## the whole suite, with real servers and coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)
	$(BIN)/coverage combine --quiet
	@printf 'coverage of everything: %s %%\n' "$$($(BIN)/coverage report --format=total)"
	$(BIN)/coverage report --include='src/inboxwatch/domain/*,src/inboxwatch/application/*' --fail-under=99

truth: $(VENV)/.dev ## how right the judgements are, on the labelled mail in SHARED=folder
	$(BIN)/python -P benchmarks/truth.py $(SHARED)
	$(BIN)/python -P benchmarks/truth_threads.py $(SHARED)

bench-accounts: setup ## many accounts in one process: time and memory of a sweep (ACCOUNTS='200 1000')
	$(BIN)/python -m benchmarks.accounts $(ACCOUNTS)

campaign: setup ## COUNT faults (and SEED) at polls of real mail servers; minutes
	$(BIN)/python -m tests.faults.campaign --count $(COUNT) --seed $(SEED)

bench-mail: setup ## how fast a big mailbox is read, beside mbsync, imapclient and imap_tools (10 minutes)
	@requirements/debian-packages isync
	$(BIN)/python -m benchmarks.mail $(BENCH_ARGS)

pictures: setup ## the pictures of the documentation, from the sample
	$(BIN)/python -m benchmarks.pictures

check: format-check lint types imports ## every gate but the tests

format-check: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev ## style and mistakes
	$(BIN)/ruff check .

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.dev ## the floors: arrows only point down
	$(BIN)/lint-imports

format: $(VENV)/.dev ## rewrite the sources in the one style
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

image: ## the container image
	docker build --tag inboxwatch:latest .

locks: $(BIN)/uv ## newest releases that pyproject.toml allows, pinned by hash
	requirements/lock $(BIN)/uv

clean: ## take back what was set up and what the tests left
	rm -rf $(VENV) .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist inboxwatch-demo

# ---- set-up: pip alone, pinned by hash; a stamp is newer than all it was made of ----

$(VENV)/.venv:
	@echo 'set-up: making $(VENV); about a minute, this once'
	@PYTHON='$(PYTHON)' requirements/venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.venv requirements/build.txt requirements/runtime.txt pyproject.toml
	@echo 'set-up: installing what it runs on'
	@$(PIP) install --quiet --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.venv $(LOCKS) pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

.PHONY: debian-packages
debian-packages:
	@requirements/debian-packages dovecot-imapd postgresql chromium libatomic1 poppler-utils

# Debian installs one IMAP server at a time; these run from a folder of their own.
$(VENV)/.servers: requirements/private-packages | $(VENV)/.venv debian-packages
	requirements/private-packages $(VENV)/servers cyrus-imapd courier-imap libeatmydata1
	@touch $@

$(BIN)/uv: $(VENV)/.venv
	$(PIP) install --quiet uv
