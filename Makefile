# Regulars in three commands: `make run` tries it, `make test` checks it, `make bench` measures it.
# Nothing has to be installed before but Python 3.11 or newer.

VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
IS_ROOT_ON_DEBIAN := [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
APT_INSTALL := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

.PHONY: help run test bench format translations chromium strace

help:
	@echo "make run     try Regulars with its demo store (PORT=8010 make run for another port)"
	@echo "make test    run every check and test"
	@echo "make bench   measure what the documents promise about speed"
	@echo "make format  bring the code into its style"
	@echo "make translations  bring the catalogs of the dashboard's languages up to the code"

run: export DEMO = 1
run: $(VENV)/.installed
	@$(FLASK) db upgrade
	@$(FLASK) demo
	@exec $(BIN)/gunicorn --config gunicorn.conf.py wsgi:app

# Four processes for two cores: a test waits half its time for a browser, a server or a disk.
test: $(VENV)/.installed-dev chromium strace
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 4 --dist worksteal $$(cat $(VENV)/.browser-option)

bench: $(VENV)/.installed-dev
	@missed=0; \
	for name in $$(cd bench && grep -l '__main__' *.py | sed 's/\.py$$//'); do \
		echo "== python -m bench.$$name"; $(BIN)/python -m bench.$$name || missed=1; \
	done; \
	exit $$missed

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.house.catalogs

$(BIN)/python:
	@for name in $(PYTHONS); do \
		if command -v $$name >/dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			python=$$name; break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then echo "Regulars needs Python 3.11 or newer; there is none on this machine." >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null && $(IS_ROOT_ON_DEBIAN); then $(APT_INSTALL) python3-venv; fi; \
	$$python -m venv $(VENV) || { \
		rm -rf $(VENV); echo "Python cannot make environments here; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "Installing what Regulars runs on into $(VENV); this takes a minute."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need into $(VENV); this takes a minute or two."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

# The browser tests drive the machine's Chromium, else Playwright's, else the distribution's. Without any
# of them they are left out and said to be, except in CI, where that is a failure.
chromium: $(VENV)/.installed-dev
	@: > $(VENV)/.browser-option; \
	for name in chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if $(BIN)/python -c 'import os, sys; from playwright.sync_api import sync_playwright; \
		driver = sync_playwright().start(); found = os.path.exists(driver.chromium.executable_path); \
		driver.stop(); sys.exit(not found)'; then exit 0; fi; \
	echo "There is no Chromium on this machine; getting one for the browser tests."; \
	if $(BIN)/playwright install chromium; then exit 0; fi; \
	if $(IS_ROOT_ON_DEBIAN) && $(APT_INSTALL) chromium-headless-shell; then exit 0; fi; \
	if $(IS_ROOT_ON_DEBIAN) && $(APT_INSTALL) chromium; then exit 0; fi; \
	echo "No Chromium could be installed: the browser tests cannot run." >&2; \
	if [ -n "$$CI" ]; then exit 1; fi; \
	echo "They are left out. Install Chromium and run make test again." >&2; \
	echo "--ignore=tests/browser" > $(VENV)/.browser-option

# strace shows that an answer is on the disk before it is acknowledged.
strace:
	@if command -v strace >/dev/null; then exit 0; fi; \
	if $(IS_ROOT_ON_DEBIAN) && $(APT_INSTALL) strace; then exit 0; fi; \
	echo "strace is not on this machine and could not be installed; on Debian: apt-get install strace" >&2; \
	[ -z "$$CI" ]
