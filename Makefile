# What people and CI run. `make help` lists it.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 30s
BENCH ?= .
COUNT ?= 1
PYTHON ?= python3
MOTO ?= moto[server]==5.2.5

.DEFAULT_GOAL := help
.PHONY: help build test short lint fuzz bench update-golden e2e

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the static binary ./ecsavvy
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o ecsavvy ./cmd/ecsavvy

test: ## all tests
	go test ./...

e2e: ## against moto, Chromium and the FOCUS validator; needs Python 3, PyPI, chromium
	@set -e; dir=$$(mktemp -d); pid=; \
	trap 'test -z "$$pid" || kill $$pid 2>/dev/null || true; rm -rf "$$dir"' EXIT INT TERM; \
	$(PYTHON) -m venv "$$dir/venv"; "$$dir/venv/bin/pip" install --quiet --disable-pip-version-check '$(MOTO)'; \
	port=$$($(PYTHON) -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'); \
	MOTO_ECS_SERVICE_RUNNING=1 "$$dir/venv/bin/moto_server" -H 127.0.0.1 -p $$port >"$$dir/log" 2>&1 & pid=$$!; \
	for i in $$(seq 120); do \
		$(PYTHON) -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$$port/moto-api/')" 2>/dev/null && break; \
		kill -0 $$pid 2>/dev/null || { cat "$$dir/log"; exit 1; }; \
		sleep 0.5; \
	done; \
	ECSAVVY_MOTO=http://127.0.0.1:$$port go test -count=1 -tags e2e -run Moto ./advisor/live ./cmd/ecsavvy || { tail -50 "$$dir/log"; exit 1; }
	go test -count=1 -tags e2e -run 'Chromium|FocusValidator' ./cmd/internal/render

short: ## the tests that take no time
	go test -short ./...

lint: ## format, vet and staticcheck
	@unformatted=$$(gofmt -l .); \
	if [ -n "$$unformatted" ]; then printf 'run gofmt -w on:\n%s\n' "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

fuzz: ## every fuzz target for FUZZTIME (30s)
	@set -e; for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "== $$pkg $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

bench: ## benchmarks; BENCH=name, COUNT=10 for benchstat
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...

update-golden: ## write expected outputs anew; look at the diff before you commit it
	UPDATE_GOLDEN=1 go test ./...
