# make run   serves the dashboard on http://127.0.0.1:8501
# make test  runs the checks; make torture the types and the long tests; make coverage the tests with branch coverage
# Works with GNU make 3.81 and newer. Ports and arguments: make run PORT=8600, make pytest PYTEST_ARGS="-k cuts".

PORT ?= 8501
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PYTEST_ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--find-links wheels --emit-find-links --only-binary :all: --emit-build-options

export PYTHON
# a Python that keeps nothing compiles every module at every start, which takes longer than most tests
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test pytest coverage lint format types imports browser lock check-lock notices bundle torture bench \
	screenshots clean

help:
	@sed -n 's/^# //p' Makefile
	@echo "targets: run test lint format types imports pytest coverage lock check-lock notices bundle torture bench screenshots clean"

# --- environment: nothing is done twice, a second `make run` only starts --------------------------------------------

# a dangling link (Python upgraded or removed) counts as missing, so the environment is made anew
$(PY):
	@python=$$(sh tools/python.sh) && echo "$$python -> $(VENV)" && "$$python" -m venv --clear $(VENV)

$(RUN_STAMP): requirements.lock | $(PY)
	@echo "正在安装依赖，首次约需 1～3 分钟 … Installing packages, 1 to 3 minutes the first time ..."
	@sh tools/install.sh $(PY) requirements.lock
	@touch $@

$(DEV_STAMP): requirements-dev.lock requirements.lock | $(PY)
	@echo "Installing packages for development ..."
	@sh tools/install.sh $(PY) requirements-dev.lock
	@touch $@ $(RUN_STAMP)

# --- use ------------------------------------------------------------------------------------------------------------

run: $(RUN_STAMP)
	@$(PY) -m saa_dash serve --port $(PORT)

# --- checks ---------------------------------------------------------------------------------------------------------

test: lint imports pytest

lint: $(DEV_STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(DEV_STAMP)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: $(DEV_STAMP)
	$(PY) -m mypy

imports: $(DEV_STAMP)
	$(VENV)/bin/lint-imports

browser:
	@sh tools/browser.sh

pytest: $(DEV_STAMP) browser
	$(PY) -m pytest -n $(JOBS) $(PYTEST_ARGS)

coverage: $(DEV_STAMP) browser
	$(PY) -m pytest -n $(JOBS) --cov --cov-report=term

torture: types browser
	$(PY) -m pytest -m torture $(PYTEST_ARGS)

bench: $(DEV_STAMP)
	@for script in benchmarks/bench_*.py; do $(PY) "$$script" || exit 1; done

screenshots: $(DEV_STAMP) browser
	$(PY) tools/screenshots.py

# --- packages -------------------------------------------------------------------------------------------------------

lock: $(DEV_STAMP)
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) requirements.txt requirements-dev.txt -c requirements.lock -o requirements-dev.lock

check-lock: $(DEV_STAMP)
	$(PY) tools/check_lock.py

notices: $(DEV_STAMP)
	$(PY) tools/notices.py

bundle: $(DEV_STAMP)
	$(PY) tools/bundle.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
