# The commands of the study notes. They need Python 3.11 or later, git and make;
# everything else is installed here, once, into .venv, .venv-browser and node_modules.

PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
PACKAGES := .venv/packages.installed
STUDY := .venv/study.installed
LIBRARIES := node_modules/libraries.installed
RUNTIME := node_modules/runtime.installed
BROWSER_PACKAGES := .venv-browser/packages.installed
BENCH_PACKAGES := .venv-bench/packages.installed

export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve build folder figures test check bench setup lock clean python browser-python

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 16

# scripts/hooks.py draws the figures before the site is built.
serve: setup ## Show the site on http://127.0.0.1:8000/, reloading as files change (PORT=…)
	@$(BIN)/python -m mkdocs serve --no-strict -a 127.0.0.1:$(PORT)

build: setup ## Write the site into site/
	@$(BIN)/python -m mkdocs build --strict

folder: build ## Write the site into folder/, which opens without a server
	@$(BIN)/python -m study.folder

figures: setup ## Draw every figure at every knob position
	@$(BIN)/python scripts/figures.py

# Drawn and bundled first: the processes that test would each begin with that.
test: setup browser-python ## Run every test, in a real browser too (TESTS='-k …' for some)
	@$(BIN)/python scripts/chromium.py
	@$(BIN)/python scripts/figures.py
	@$(BIN)/python scripts/assets.py
	@$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

check: setup ## Run the linters, the type checker and the spelling check
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check
	@$(BIN)/python -m mypy
	@$(BIN)/python -m codespell_lib

bench: setup ## Measure the figure engine against a bare loop and its peers (BENCH=--help)
	@$(MAKE) --no-print-directory -s $(BENCH_PACKAGES)
	@PYTHONPATH=scripts $(BIN)/python -m bench $(BENCH)

setup: python ## Install what the other commands need (they do it themselves)
	@$(MAKE) --no-print-directory -s $(STUDY) $(LIBRARIES) $(RUNTIME)

lock: python ## Pin the newest versions that pyproject.toml and package.json allow
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install -q uv
	@$(COMPILE) --group pyproject.toml:browser -o requirements-browser.txt
	@$(COMPILE) --group dev pyproject.toml -o requirements.txt
	@$(COMPILE) --group pyproject.toml:bench -c requirements.txt -o requirements-bench.txt
	@$(MAKE) --no-print-directory -s $(STUDY)
	@$(BIN)/npm update --package-lock-only --ignore-scripts --loglevel=error >/dev/null

clean: ## Remove what the commands made, but not what they installed
	@rm -rf site folder .cache docs/assets/built docs/labs/*.ipynb build scripts/*.egg-info
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

# -- Set-up -------------------------------------------------------------------
# Each mark is written last, inside the folder that it speaks for: an interrupted
# step leaves none, and a folder that goes takes its mark along.

WHICH := import sys; print(sys.base_prefix, *sys.version_info[:2])
COMPILE := $(BIN)/python -m uv pip compile -q --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-config

# An interrupted install can leave half a package that looks whole: no repair, anew.
python:
	@if [ -d .venv ]; then \
	  if ! $(BIN)/python -c 'import pip' >/dev/null 2>&1; then \
	    echo "set-up: the Python that .venv was made with is gone; making it anew"; \
	    rm -rf .venv; \
	  elif [ -e .venv/begun.txt ]; then \
	    echo "set-up: .venv was left half made; making it anew"; \
	    rm -rf .venv; \
	  elif [ "$(origin PYTHON)" != file ] && \
	      [ "$$($(BIN)/python -c '$(WHICH)')" != "$$($(PYTHON) -c '$(WHICH)')" ]; then \
	    echo "set-up: .venv is not of $(PYTHON); making it anew"; \
	    rm -rf .venv; \
	  fi; \
	fi
	@[ -d .venv ] || { \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "$(PYTHON) is not a Python 3.11 or later: install one and name it, as in" \
	      "\`PYTHON=python3.12 make\`." >&2; exit 1; }; \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments: on Debian and Ubuntu," \
	      "\`apt install python3-venv\`." >&2; exit 1; }; \
	  $(PYTHON) -m venv .venv; }

# uv takes a sixth of pip's time but does not know pip's settings: where pip is
# told of another index, or uv fails, pip installs the same lock.
define install
{ ! $(BIN)/python -m pip config list | grep -Eq '\.(index-url|no-index|proxy)=' && \
  $(BIN)/python -m uv pip install -q --no-config --require-hashes --python $(1) -r $(2); } || \
$(BIN)/python -m pip --python $(1) install -q --require-hashes -r $(2)
endef

$(PACKAGES): requirements.txt
	@echo "set-up: Python packages"
	@awk '/^[^ ]/ { on = /^uv==/ } on' requirements.txt > .venv/begun.txt
	@$(BIN)/python -m pip install -q --require-hashes -r .venv/begun.txt
	@$(call install,$(BIN)/python,requirements.txt)
	@rm .venv/begun.txt
	@touch $@

$(STUDY): pyproject.toml | $(PACKAGES)
	@echo "set-up: scripts/study, in place"
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(LIBRARIES): package.json package-lock.json .npmrc | $(PACKAGES)
	@echo "set-up: browser libraries"
	@$(BIN)/npm ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

# Kept outside the project, for all its checkouts; made once.
$(RUNTIME): $(LIBRARIES) requirements-runtime.txt scripts/compile.mjs \
		scripts/study/runtime.py | $(STUDY)
	@echo "set-up: Python for the page (80 MB, once)"
	@$(BIN)/python -m study.runtime
	@touch $@

# NumPy 2.0.2 and matplotlib 3.8.4 have no wheels for Python 3.13 and later.
browser-python: setup
	@[ ! -d .venv-browser ] || .venv-browser/bin/python -c 'import numpy' >/dev/null 2>&1 || \
	  rm -rf .venv-browser
	@$(MAKE) --no-print-directory -s $(BROWSER_PACKAGES)

$(BROWSER_PACKAGES): requirements-browser.txt
	@echo "set-up: the browser's NumPy and matplotlib"
	@$(BIN)/python -m uv venv -q --no-config --clear --python '>=3.11,<3.13' .venv-browser || { \
	  echo "The browser's NumPy and matplotlib need a Python 3.11 or 3.12 besides" \
	    "$$($(BIN)/python -V): install one." >&2; exit 1; }
	@$(call install,.venv-browser/bin/python,requirements-browser.txt)
	@touch $@

# The peers, for `make bench` alone: with what they draw with at our versions.
$(BENCH_PACKAGES): requirements-bench.txt
	@echo "set-up: the peers to measure against"
	@$(BIN)/python -m uv venv -q --no-config --clear --python $(BIN)/python .venv-bench
	@$(call install,.venv-bench/bin/python,requirements-bench.txt)
	@touch $@
