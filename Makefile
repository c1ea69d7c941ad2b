# Tepat's errands. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: run test format lint bench docs help

run: ## Build Tepat and run its demonstration
	@scripts/bootstrap
	swift build -c release --product tepat
	.build/release/tepat demo

test: ## Check layout and links, and run every test, on SQLite, PostgreSQL and in a browser
	@scripts/bootstrap --browser
	scripts/test

format: ## Lay out the code
	swift format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## Check the layout of the code
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

bench: ## Measure what the README promises of speed (some minutes)
	@scripts/bootstrap --peers
	Benchmarks/run

docs: ## Check that every link in the documents leads somewhere
	scripts/check-links

help: ## List these errands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
