# Every command there is. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NEXT_TELEMETRY_DISABLED := 1

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PORT ?= 8000
CASES ?= 300
KILLS ?= 40
REQUESTS ?= 100000
HANG_UPS ?= 100
STEPS ?= 50000
SEED ?= 20261122
RACES ?= 1000
CHECKS := lint-web types-python types-web format-web fresh layers lint-python migrations lengths
WEB_SOURCES := $(shell find frontend/src frontend/public frontend/scripts -type f 2>/dev/null) \
	$(wildcard frontend/*.json frontend/*.mjs frontend/*.ts)

##@ Use it

run: setup ## install what is missing and serve the demo on http://localhost:8000 (PORT=, CASES=)
	@exec $(BIN)/ohmatdyt demo --port $(PORT) --cases $(CASES)

setup: $(STAMPS)/runtime $(STAMPS)/web ## only install: Python packages and the built web interface

build-web: $(STAMPS)/web ## build the web interface into ohmatdyt/web

##@ Prove it

test: setup-dev check ## everything: checks, Python tests with browser journeys, web interface tests
	@scripts/ensure_nginx.sh >/dev/null
	@scripts/ensure_servers.sh
	@chromium=$$(scripts/ensure_chromium.sh) && export CHROMIUM_PATH="$$chromium" && $(BIN)/pytest -n 2
	@cd frontend && npm run --silent test

smoke: setup-dev ## one case's whole way through nginx, while processes are killed (URL=https://… walks there instead)
	@$(BIN)/python -m scripts.smoke $(URL)

chaos: setup-dev ## kill -9 of every process under writers; nothing acknowledged may be lost (KILLS=40)
	@$(BIN)/python -m scripts.chaos --kills $(KILLS)

drill: setup-dev ## only the whole server of real processes: update it under traffic, overload it, kill its parts
	@$(BIN)/pytest tests/deploy/test_installation.py -n 0 -s

images: setup-dev ## build the images and walk compose on a real engine, minutes (FOLDER= keeps the engine for the next time)
	@$(BIN)/python -m scripts.images $(if $(FOLDER),--folder $(FOLDER))

check: setup-dev ## all that needs no running product, in under a minute
	@# The longest first, two at once; each part says what it has to say in one piece.
	@$(MAKE) --jobs 2 --keep-going --output-sync=target $(CHECKS)

lint: lint-web lint-python format-web ## style of Python and TypeScript

lint-python: $(STAMPS)/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lint-web: $(STAMPS)/node
	@cd frontend && npm run --silent lint

format-web: $(STAMPS)/node
	@cd frontend && npm run --silent format:check

types: types-web types-python ## strict types of Python and TypeScript

types-python: $(STAMPS)/dev
	@$(BIN)/mypy

types-web: $(STAMPS)/node
	@cd frontend && npm run --silent typecheck

layers: $(STAMPS)/dev ## who may import whom (.importlinter)
	@$(BIN)/lint-imports --no-cache

lengths: $(STAMPS)/dev ## no file is too long to read
	@$(BIN)/python scripts/check_lengths.py

migrations: $(STAMPS)/dev ## migrations that would stop people at work (squawk)
	@$(BIN)/python -m scripts.check_migrations

fresh: $(STAMPS)/dev $(STAMPS)/node ## generated files and lock files are up to date
	@$(BIN)/python scripts/lock.py --check
	@scripts/check_generated.sh

model: $(STAMPS)/dev ## walk about the product and its plain model until they disagree (STEPS=50000, SEED=)
	@$(BIN)/python -m tests.model --steps $(STEPS) --seed $(SEED)

hostile: $(STAMPS)/dev ## requests nobody meant, so many in everybody's name; and hang-ups; none may make the product fail (REQUESTS=100000, HANG_UPS=100, SEED=)
	@$(BIN)/python -m tests.edge.hostile --requests $(REQUESTS) --hang-ups $(HANG_UPS) --seed $(SEED)

races: $(STAMPS)/dev ## a thousand people's races over two server processes (RACES=1000)
	@RACES=$(RACES) $(BIN)/pytest tests/races -n 0 -s

release: setup-dev ## what a hospital installs from, in dist/: program with its web interface, and all images
	@$(BIN)/python -m scripts.release

##@ Work on it

setup-dev: setup $(STAMPS)/dev ## install the tools too

dev: setup-dev ## API on :8000 and web interface on :3000, both following your edits
	@exec $(BIN)/python scripts/dev.py

fmt: $(STAMPS)/dev $(STAMPS)/node ## put every file in its style
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .
	@cd frontend && npm run --silent format

openapi: setup-dev ## regenerate the contract and the types of the web interface
	@$(BIN)/ohmatdyt openapi --out frontend/openapi.json
	@cd frontend && npm run --silent api:types

lock: $(STAMPS)/dev ## write the lock files from pyproject.toml (UPGRADE=1 for newer versions)
	@$(BIN)/python scripts/lock.py $(if $(UPGRADE),--upgrade)

bench: setup-dev ## measure against the bare baseline (bench/README.md)
	@$(BIN)/python -m bench

screenshots: setup-dev ## take the pictures of docs/ again
	@chromium=$$(scripts/ensure_chromium.sh) && export CHROMIUM_PATH="$$chromium" && $(BIN)/python -m scripts.screenshots

clean: ## remove everything built or installed; data in var/ stays
	@rm -rf $(VENV) frontend/node_modules frontend/.next frontend/out ohmatdyt/web .mypy_cache .ruff_cache .pytest_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk 'BEGIN {FS = ":.*?## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*?## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

# Stamps: a step is done again only when what it was made from has changed.

$(STAMPS)/venv:
	@python=$$(scripts/find_python.sh) && { test -x $(BIN)/python || "$$python" -m venv $(VENV); }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/uv: requirements-build.lock | $(STAMPS)/venv
	@echo "Installing Python packages…"
	@$(BIN)/python -m pip install --quiet --quiet --require-hashes --requirement requirements-build.lock
	@touch $@

$(STAMPS)/runtime: requirements.lock pyproject.toml $(STAMPS)/uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/runtime
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --requirement requirements-dev.lock
	@touch $@

$(STAMPS)/node: frontend/package.json frontend/package-lock.json | $(STAMPS)/venv
	@scripts/check_node.sh
	@echo "Installing the packages of the web interface…"
	@# Not `npm ci`: it insists on the native parts of every other platform, which some registries do not carry.
	@# Versions and hashes come from the lock file all the same, and the lock file is not written.
	@cd frontend && npm install --silent --no-save --no-audit --no-fund --ignore-scripts && node scripts/check-lock.mjs
	@touch $@

$(STAMPS)/web: $(WEB_SOURCES) $(STAMPS)/node
	@echo "Building the web interface…"
	@cd frontend && npm run --silent build
	@touch $@

.PHONY: release images drill run setup build-web test model races check lint lint-python lint-web format-web types types-python types-web layers lengths migrations fresh smoke chaos setup-dev dev fmt openapi lock bench screenshots clean help
