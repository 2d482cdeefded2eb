# The commands of the house. `make run` starts everything, `make test` tests everything, `make check` is quick.

SHELL := /bin/sh
BIN := .venv/bin
CHROMIUM := $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser))
export YIWANG_DEMO ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test check fmt lock catalogues clean

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: ## Start database, pages, live updates and worker, with a demo county (YIWANG_DEMO=0: without).
	@scripts/bootstrap.sh runtime
	@exec $(BIN)/yiwang run

test: ## Run every test, those with a browser included.
	@scripts/bootstrap.sh dev
	@scripts/browser.sh
	@scripts/telephony.sh
	@$(BIN)/python -m yiwang.site.catalogues --compile
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: ## Format, lint, types, contracts, templates, catalogues, documents; under a minute.
	@scripts/bootstrap.sh dev
	@$(BIN)/python scripts/check.py

fmt: ## Bring the code into form.
	@scripts/bootstrap.sh dev
	@$(BIN)/ruff check --fix --quiet src tests benchmarks scripts || true
	@$(BIN)/ruff format src tests benchmarks scripts

catalogues: ## Draw new messages out of the code and report what lacks a translation.
	@scripts/bootstrap.sh dev
	@$(BIN)/python -m yiwang.site.catalogues

lock: ## Renew requirements/*.txt (needs uv).
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/runtime.in -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt

clean: ## Remove the environment and what tools left; data directories stay.
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results

-include $(wildcard scripts/*.mk)
