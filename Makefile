# Every target does its own set-up; the second time it only checks that nothing changed.
# LIVE=1 lets `make demo` drive a real browser; ARGS="…" is passed on to what the target runs; PYTHON=… picks another Python.

PYTHON ?=
LIVE ?=
ARGS ?=
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench bench-quick docs clean venv venv-dev browser

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: venv $(if $(LIVE),browser) ## audit the sample store, without account or network
	@.venv/bin/shoplint demo --fail-on never $(if $(LIVE),--live) $(ARGS)

test: venv-dev browser ## run the tests
	.venv/bin/python -m pytest -n 3 --dist worksteal $(ARGS)

lint: venv-dev ## check style, types and the layers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: venv-dev ## mend the style where a tool can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: venv-dev browser ## run the benchmarks
	.venv/bin/python -m benchmarks $(ARGS)

bench-quick: venv-dev browser ## run the benchmarks on small inputs
	.venv/bin/python -m benchmarks --quick $(ARGS)

docs: venv-dev ## write the generated pages of docs/ anew
	.venv/bin/python -m docs.generate $(ARGS)

clean: ## remove what these commands made
	rm -rf .venv build dist benchmarks/out .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@.ci/venv run

venv-dev:
	@.ci/venv dev

browser: $(if $(filter demo,$(MAKECMDGOALS)),venv,venv-dev)
	@.ci/browser
