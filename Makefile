# One command per wish. `make` shows them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
WHAT ?= consult
BIN := $(VENV)/bin
CLIENT := web/client
CLIENT_SOURCES := $(shell find $(CLIENT) -path '*/node_modules' -prune -o -type f -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench serve generate format tools install client clean

help: ## show this help
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: tools install client ## play a whole consult: server, station, demo accounts, addresses to open
	@$(BIN)/cloudclinic demo

serve: tools install client ## run the server with its settings (after `cloudclinic init`)
	@$(BIN)/cloudclinic serve

test: tools install client ## run every test; finds or installs a browser for the journeys
	@scripts/test

check: tools install client ## format, lint, types of Python and TypeScript, import directions, generated files
	@scripts/check

bench: tools install client ## measure on this machine: WHAT=consult, relay, latency, join, loss, congestion, capacity, soak, ecg, ultrasound or still
	@if [ "$(WHAT)" = relay ]; then scripts/janus >/dev/null || true; fi
	@CHROME_PATH=$$(scripts/browser) $(BIN)/cloudclinic bench $(WHAT)

generate: install ## write the generated types and schema
	@$(BIN)/python scripts/generate.py

format: install ## lay out the Python code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

tools: ## say what the set-up would lack, before it takes minutes
	@[ -e web/static/.built ] || scripts/node-version

install: $(VENV)/.installed ## virtual environment and locked dependencies

client: web/static/.built ## build the browser client

clean: ## remove what was built
	rm -rf $(VENV) web/static $(CLIENT)/node_modules

$(VENV)/.installed: requirements.lock pyproject.toml
	@scripts/install "$(PYTHON)" "$(VENV)"
	@touch $@

$(CLIENT)/node_modules/.installed: $(CLIENT)/package-lock.json
	@scripts/node-version
	@cd $(CLIENT) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/static/.built: $(CLIENT)/node_modules/.installed $(CLIENT_SOURCES)
	@cd $(CLIENT) && npm run --silent build
	@touch $@
