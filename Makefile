# What a newcomer needs: make demo, make test. Everything else is in docs/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test coverage check bench simulate faults fuzz mutants coach reference format lock clean

demo: $(READY)
	$(BIN)/nudger demo $(ARGS)

test: $(READY)
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

# The tests once more with what they run through: the worst modules, then all of it.
coverage: $(READY)
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report | sed -n 1,14p
	@echo "branch coverage: $$($(BIN)/coverage report --format=total) %"

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit -q -r -ll nudger
	git ls-files -z -- ':!requirements-*.txt' ':!tests/fuzz/findings' ':!*.png' ':!*.ics' | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	@mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements-dev.txt --pyproject pyproject.toml -o dist/sbom.json

bench: $(READY)
	@$(BIN)/python -m benchmarks $(ARGS)

simulate: $(READY)
	@$(BIN)/python -m simulation $(ARGS)

faults: $(READY)
	@$(BIN)/python -m tests.faults $(ARGS)

# Train the coach's judge from data/coach: the same sentences always give the same weights.
coach: $(VENV)/.trains
	@$(BIN)/python -m training $(ARGS)

$(VENV)/.trains: $(READY) requirements-training.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-training.txt
	@touch $@

# Changed copies of known inputs for everything that reads what strangers write: some ten minutes.
fuzz: $(READY)
	@$(BIN)/python -m tests.fuzz $(ARGS)

# Small faults in the modules that decide: do their tests notice?
mutants: $(READY)
	@$(BIN)/python -m tests.mutation $(ARGS)

# Write the tables of docs/configuration.md from the descriptions in nudger/config.
reference: $(READY)
	@$(BIN)/python -m tests.reference

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pin every package of the development environment, with hashes. Extras stay beside their pins:
# else pip takes a package with an extra for unpinned as soon as there is a newer release.
lock: $(READY)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras \
		--group dev -o requirements-dev.txt pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras \
		--group training -o requirements-training.txt

$(READY): pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Nudger needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
		|| { echo "Python cannot make environments here: on Debian, apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
