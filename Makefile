# Everything that a newcomer types. Each target sets up what it needs by itself and is cheap the second time.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check prove bench bundle bundle-test screenshots format clean system

demo: $(VENV)/.installed
	$(BIN)/sciapp demo --out demo-output/esol

test: $(VENV)/.installed-dev
	QT_QPA_PLATFORM=offscreen OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest -m "not prove" -n 2 --dist loadfile

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Longer proofs: many kills, soak, a million rows. Bounded to about half an hour.
prove: $(VENV)/.installed-dev
	QT_QPA_PLATFORM=offscreen OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest -m prove -s

bench: $(VENV)/.installed-dev
	for script in tests/benchmarks/*.py; do QT_QPA_PLATFORM=offscreen $(BIN)/python $$script || exit 1; done

bundle: system
	packaging/build_bundle.sh

bundle-test:
	packaging/test_bundle.sh dist/sciapp

# Pictures of every page in both themes, into screenshots/.
screenshots: $(VENV)/.installed-dev
	$(BIN)/python packaging/screenshots.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build dist demo-output

system:
	@packaging/system_packages.sh

$(BIN)/python:
	@packaging/system_packages.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(VENV)/.installed $@
