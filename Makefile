# Two commands set everything up on a machine with python3.11, git and make: `make demo` and `make test`.
PYTHON ?= python3.11
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
TESTS := pytest -n auto --dist loadfile # the blocks of a page run in order, in one process

.PHONY: help demo test check lint types docs bench faults seeds hostile floors pythons fuzz mutate kit clean
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/.demo: pyproject.toml
	@$(if $(UV),uv venv --quiet --allow-existing --python $(PYTHON) .venv,test -x $(BIN)/python || $(PYTHON) -m venv .venv)
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) --editable '.[cli]'
	@touch $@

.venv/.dev: pyproject.toml .venv/.demo
	@$(if $(UV),true,$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1') # --group
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet) --editable . --group dev
	@touch $@

demo: .venv/.demo ## show one ticket as a timeline, then replay a policy over a log
	@$(BIN)/ticketcore simulate examples/clickbank/refund-over-the-weekend.toml
	@$(BIN)/ticketcore backtest examples/histories/service-desk.jsonl --policy service-desk --compare-recorded

test: .venv/.dev ## run the tests, including README and docs
	@$(BIN)/python -m $(TESTS)

check: .venv/.dev lint types ## run everything that a commit must pass
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m $(TESTS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

lint: .venv/.dev ## check style, format and the order of the packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: .venv/.dev ## check all types, and that every public name has one
	@$(BIN)/mypy
	@PATH="$(CURDIR)/$(BIN):$$PATH" pyright --verifytypes ticketcore --ignoreexternal # it asks the first python

docs: .venv/.dev ## write the generated files in docs and tests
	@for kind in commands events scenario; do \
	  $(BIN)/ticketcore schema $$kind > docs/generated/schemas/$$kind.schema.json; done
	@$(BIN)/ticketcore schema policy > src/ticketcore/policies/presets/policy.schema.json
	@$(BIN)/ticketcore schema mapping > src/ticketcore/importers/mappings/mapping.schema.json
	@for name in $$($(BIN)/python -c 'from ticketcore.policies import presets; print(*presets())'); do \
	  $(BIN)/ticketcore policy diagram $$name -o docs/generated/diagrams/$$name.mmd; \
	  $(BIN)/ticketcore policy diagram $$name --svg -o docs/generated/diagrams/$$name.svg; done
	@PYTHONPATH=tests $(BIN)/python tools/calendar_pictures.py
	@PYTHONPATH=tests $(BIN)/python tools/notification_samples.py
	@PYTHONPATH=tests $(BIN)/python tools/rule_table.py
	@PYTHONPATH=tests $(BIN)/python tools/broken_backends.py
	@PYTHONPATH=tests $(BIN)/python tools/refusal_sentences.py
	@$(BIN)/python tools/key_tables.py
	@$(BIN)/python examples/histories/help_desk.py
	@PYTHONPATH=tests $(BIN)/python tools/cli_docs.py
	@PYTHONPATH=tests $(BIN)/python tools/tutorial.py
	@PYTHONPATH=tests $(BIN)/python tools/store_dump.py

.venv/.bench: .venv/.dev
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet) --group bench
	@touch $@

bench: .venv/.bench ## measure speed beside peer libraries, as ratios of one run
	@$(BIN)/python -m benchmarks

KILLS ?= 200
faults: .venv/.dev ## kill KILLS=200 processes that use a store, on each database
	@PYTHONPATH=tests $(BIN)/python tools/faults.py --kills $(KILLS)

seeds: .venv/.dev ## find the fault of each broken backend with 20 seeds
	@PYTHONPATH=tests $(BIN)/python tools/seeds.py

hostile: .venv/.dev ## read hostile files in processes with limits, and print those that cost most
	@PYTHONPATH=tools $(BIN)/python tools/hostile.py

FLOORS := $(or $(TMPDIR),/tmp)/ticketcore-floors
floors: .venv/.dev ## run the tests with the lowest allowed version of every dependency
	@rm -rf $(FLOORS) && $(PYTHON) -m venv $(FLOORS)
	@$(BIN)/python tools/floors.py > $(FLOORS)/floors.txt
	@$(FLOORS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(FLOORS)/bin/python -m pip install --quiet -c $(FLOORS)/floors.txt --editable . --group tests --group typing
	@$(FLOORS)/bin/python -m $(TESTS) -p no:cacheprovider

PYTHONS := python3.11 python3.12 python3.13 python3.14
pythons: ## run the tests on every interpreter from 3.11 to 3.14 that the machine has
	@for python in $(PYTHONS); do $$python -c '' 2>/dev/null || continue; echo $$python; \
	  rm -rf $(FLOORS)-$$python && $$python -m venv $(FLOORS)-$$python || exit; \
	  $(FLOORS)-$$python/bin/python -m pip install --quiet --upgrade 'pip>=25.1' || exit; \
	  $(FLOORS)-$$python/bin/python -m pip install --quiet --editable . --group tests --group typing || exit; \
	  $(FLOORS)-$$python/bin/python -m $(TESTS) -p no:cacheprovider || exit; done

.venv/.fuzz: .venv/.dev
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet) --group fuzz
	@touch $@

SECONDS ?= 60
fuzz: .venv/.fuzz ## fuzz each reader for SECONDS=60
	@for reader in histories policies scenarios commands mappings ics rules holidays texts; do \
	  $(BIN)/python -m fuzz.$$reader -max_total_time=$(SECONDS) || exit; done

.venv/.mutation: .venv/.dev
	@$(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet) --group mutation
	@touch $@

MUTATION := $(or $(TMPDIR),/tmp)/ticketcore-mutation
mutate: .venv/.mutation ## change the core in small ways and list the changes that no test notices
	@rm -rf $(MUTATION) && mkdir -p $(MUTATION) && git archive HEAD | tar -x -C $(MUTATION)
	@$(BIN)/python tools/undecorate.py $(MUTATION)/src
	@cd $(MUTATION) && PYTHONPATH=src $(CURDIR)/$(BIN)/mutmut run
	@cd $(MUTATION) && PYTHONPATH=src $(CURDIR)/$(BIN)/mutmut results

KIT := $(or $(TMPDIR),/tmp)/ticketcore-kit
kit: .venv/.dev ## run the test kit from the built wheel, in a clean environment
	@rm -rf $(KIT) && $(BIN)/python -m venv $(KIT)/venv
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir $(KIT) .
	@$(KIT)/venv/bin/python -m pip install --quiet --disable-pip-version-check $(KIT)/*.whl 'hypothesis>=6.160' 'pytest>=9.1'
	@cp -r examples/embedding $(KIT)/project && rm -rf $(KIT)/project/.pytest_cache
	@$(KIT)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps $(KIT)/project
	@cd $(KIT)/project && $(KIT)/venv/bin/python -m pytest

clean: ## remove the environment and the caches of tools
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* mutants dist build
