# Every target sets up what it needs (virtual environment, locked packages, Kafka) and says so; a second run
# sets up nothing again. Another Python than the first found: make PYTHON=/path/to/python3 …

.DEFAULT_GOAL := help
.PHONY: help demo test check bench up down
export PYTHON

# how many processes share the tests, each with a Kafka and a PostgreSQL of its own; WORKERS=0: one, this one
WORKERS ?= 2
BESIDE := -n $(WORKERS) --dist worksteal

QUICK := $(wildcard tests/unit tests/connectors tests/architecture tests/contract)
INSTALL := any=$$(command -v python3 || command -v "$(PYTHON)") \
	|| { echo "set-up: Python 3.11 or newer is needed; none was found"; exit 1; }; "$$any" .ci/install

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

demo: .venv/.kafka ## start everything, play the story of a few hundred people, check every count
	.venv/bin/hub demo

up: .venv/.kafka ## start the local stack and the hub; Ctrl-C or `make down` ends them
	.venv/bin/hub up

down: .venv/.installed ## end what `make up` started
	.venv/bin/hub down

check: .venv/.installed ## format, lint, types, import contracts, quick tests: no services needed
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -q $(QUICK)

test: .venv/.kafka ## every test, on a real Kafka and a real PostgreSQL
	.venv/bin/python -m compileall -q hub schemas connectors sandbox tests
	.venv/bin/python -m pytest $(BESIDE)

bench: .venv/.kafka ## measure every stage beside its floor; writes build/bench.json
	.venv/bin/python -m bench

.venv/.installed: requirements.lock .ci/install
	@$(INSTALL)

.venv/.kafka: .venv/.installed hub/adapters/localstack/kafka.lock
	@$(INSTALL) kafka
