# Wiredesk. `make` alone lists the targets; what they do lives in deploy/ and in pyproject.toml.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up down restart status logs demo test test-unit test-contract test-integration test-e2e test-chaos \
	check fmt bench clean lock train venv

PY := .venv/bin/python
PYTEST := $(PY) -m pytest

##@ Run it

up: ## Start everything and wait until it is ready (MODE=docker|embedded)
	@deploy/stack up

down: ## Stop everything; the data stays
	@deploy/stack down

restart: ## Stop, then start with the code and settings of now
	@deploy/stack restart

status: ## Processes, streams and services at a glance
	@deploy/stack status

logs: ## Follow the logs (SERVICE=enrichment for one)
	@deploy/stack logs

demo: ## Push the sample stories and watch the events arrive
	@deploy/demo

##@ Work on it

test: venv ## All tests, with coverage
	@$(PYTEST) --cov --cov-report=term:skip-covered

test-unit test-contract test-integration test-e2e test-chaos: test-%: venv ## One kind of tests
	@$(PYTEST) tests/$*

check: venv ## Lint, format, types, and who may import whom
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

fmt: venv ## Format the code, mend what can be mended
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: venv ## Measure the engine and the pipeline, into .wiredesk/bench.json
	@$(PY) -m services.cli.bench

train: venv ## Train the topic model anew (ROWS=FILE.jsonl)
	@$(PY) -m services.enrichment.training.topics --data $(or $(ROWS),$(error make train ROWS=FILE.jsonl names the rows to train on)) --out services/enrichment/models/topics

lock: ## Lock the dependencies again, with hashes (ARGS=--upgrade)
	@deploy/lock $(ARGS)

clean: ## Remove caches (DATA=yes: stop, and remove all data and .venv too)
	@deploy/clean $(DATA)

venv:
	@deploy/venv requirements-dev.txt

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n\033[1m%s\033[0m\n", substr($$0, 5) } \
	  /^[a-z][a-z0-9 -]*:.*## / { split($$1, names, ":"); name = names[1]; sub(/ test-contract.*/, " …", name); \
	    printf "  \033[36m%-12s\033[0m %s\n", name, $$2 }' $(MAKEFILE_LIST)
	@printf '\nThe first time: \033[1mmake up\033[0m, then \033[1mmake demo\033[0m.\n'
