# Everything that a newcomer needs. Only Python >= 3.11, make and a package index are assumed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check lint types layers docs docs-check lock bench clean

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) browser  ## install everything into .venv, and find or install a browser

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Vigie needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.PHONY: browser
browser: $(STAMP)
	@$(BIN)/python -m crawlers.browser

demo: setup  ## crawl a simulated market, build, open the dashboard
	$(BIN)/vigie demo

test: setup  ## run every test
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

check: setup lint types layers docs-check test  ## everything that must hold before a commit

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)  ## write the pages that are generated from code
	$(BIN)/python docs/generate.py

docs-check: $(STAMP)
	$(BIN)/python docs/generate.py --check

lock: $(STAMP)  ## resolve pyproject.toml again into requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --all-extras --group dev \
		--no-emit-index-url pyproject.toml -o requirements.lock

.PHONY: audit
audit: $(STAMP)  ## look up known vulnerabilities of what is installed; needs the internet
	$(UV) tool run pip-audit --disable-pip --require-hashes -r requirements.lock

bench: $(STAMP)  ## run every benchmark; each prints a ratio with both sides in one run
	@for name in crawl build dashboard calibration trends; do echo "== $$name"; $(BIN)/python benchmarks/$$name.py || exit 1; done
	@test -n "$(VIGIE_REAL_DATA)" || echo "set VIGIE_REAL_DATA to a folder of public data sets for the others"
	@test -z "$(VIGIE_REAL_DATA)" || { set -e; cd $(VIGIE_REAL_DATA); \
		py=$(CURDIR)/$(BIN)/python; benchmarks=$(CURDIR)/benchmarks; \
		$$py $$benchmarks/bursts.py --data nab_real_tweets; \
		$$py $$benchmarks/maturity.py --data news_popularity/Facebook_Palestine.csv; \
		$$py $$benchmarks/content_types.py --data banking77/train.csv; \
		$$py $$benchmarks/content_types.py --data sib200_fr_en/fra_Latn_train.tsv \
			--pair sib200_fr_en/eng_Latn_train.tsv; }

.PHONY: mutate
mutate: $(STAMP)  ## damage pages 1000 times each way on each platform; parsers must not crash (long)
	VIGIE_TEST_EXAMPLES=$${VIGIE_TEST_EXAMPLES:-1000} $(BIN)/pytest -q --timeout 0 -n 2 \
		tests/crawlers/test_mutations.py tests/crawlers/test_mutations_recorded.py

clean:  ## remove what was installed and built, never the lake
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
