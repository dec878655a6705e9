# Rakat. `make help` lists the targets; `make run` and `make test` are all you need.
# Settings come from the environment, see README.md: RAKAT_HTTP_PORT, RAKAT_STATE_DIR, …

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
PYTHON := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
FRONT := gateway/portal/static/vendor/.stamp
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(PYTHON) -m piptools compile --quiet \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--generate-hashes --strip-extras --allow-unsafe

##@ Run

.PHONY: run start stop status
run: $(RUNTIME) $(FRONT) ## everything on this machine, in the foreground; Ctrl-C stops it
	@exec $(PYTHON) -m ops run

start: $(RUNTIME) $(FRONT) ## the same in the background; returns when it is ready
	@$(PYTHON) -m ops start

stop: ## stop what `make start` started
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m ops stop; fi

status: ## the state of every process
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m ops status; fi

##@ Check

.PHONY: test test-long fresh bench lint
test: $(DEV) $(FRONT) ## every test: fast ones first, then real stores, browser, kill test
	@$(PYTHON) -m ops suite

test-long: $(DEV) $(FRONT) ## the same with full numbers
	@RAKAT_TEST_LONG=1 $(PYTHON) -m ops suite

fresh: ## the two README commands in a bare Debian 12 (root, debootstrap)
	@sh ops/fresh.sh

bench: $(DEV) $(FRONT) ## one table of measurements
	@$(PYTHON) -m ops bench

lint: $(DEV) ## style, types, import borders, templates
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/djlint gateway/portal/templates --lint --quiet

##@ Develop

.PHONY: setup format schemas lock clean help
setup: $(DEV) $(FRONT) ## virtualenv, packages and front end, without starting anything

format: $(DEV) ## rewrite the code in house style
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

schemas: $(DEV) ## rewrite the OpenAPI document kept with the tests
	$(PYTHON) -m gateway.schemas > tests/contract/openapi.json

lock: $(DEV) ## recompute both lock files after a change in requirements*.in
	$(COMPILE) --output-file requirements.lock requirements.in
	$(COMPILE) --output-file requirements-dev.lock requirements-dev.in

clean: stop ## remove the virtualenv, the state folder and every cache
	rm -rf $(VENV) .state gateway/portal/static/vendor build dist artifacts *.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this text
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Stamps: each step runs once and again only when its lock file changed.

$(VENV)/.made: ops/venv.sh
	@sh ops/venv.sh $(VENV)
	@touch $@

$(RUNTIME): $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing the packages of requirements.lock"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@echo "Installing the packages of requirements-dev.lock"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

$(FRONT): $(RUNTIME) deploy/node/package-lock.json ops/frontend.py
	@$(PYTHON) -m ops.frontend
