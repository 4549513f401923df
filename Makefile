# Each target does its own set-up; see .ci/setup.

SHELL := /bin/bash
PREFIX ?= /usr/local
PROGRAMS := gatepost gatepost-server gatepost-email-worker gatepost-sms-worker

.PHONY: demo run bench peers test test-all storm soak lint format openapi install release

demo: release
	.build/release/gatepost-demo

run: release
	.build/release/gatepost-demo --stay

# Without settings: on the file system of this folder. BENCH="--all" and the like are passed on.
bench: release
	.build/release/gatepost bench $(BENCH)

# What queues of others reach on this machine, to be seen beside the benchmark.
peers: release
	.ci/setup peers
	/usr/bin/python3 -m venv .build/peers
	.build/peers/bin/pip install --quiet --disable-pip-version-check greenstalk==2.1.1 huey==3.5.4 litequeue==0.9
	.build/peers/bin/python Tests/Peers/other_queues.py
	.build/release/gatepost bench --only accept,mail,sms

# Programs under test must not wait for values that are tested with all processors; and what opens a thousand connections,
# or starts other programs by Foundation, has a process of its own.
test:
	.ci/setup test
	swift build --build-tests
	.ci/tests --skip '^(ProgramTests|HTTPServerTests|TransferTests)\.'
	.ci/tests --filter '^HTTPServerTests\.'
	.ci/tests --filter '^TransferTests\.'
	.ci/tests --filter '^ProgramTests\.'

# The same tests; those that search at random search longer.
test-all: export GATEPOST_TEST_LONG = 1
test-all: test

# Kills the programs for so many seconds, by a plan that follows from the seed; see docs/testing.md.
SECONDS ?= 60
SEED ?= 1
storm: release
	for product in gatepost-storm powerloss; do \
	    swift build -c release --static-swift-stdlib --product $$product || exit 1; done
	.build/release/gatepost-storm --seconds $(SECONDS) --seed $(SEED)

# Abuse of all kinds for so long; fails where a program holds 5 MB more at the end than after ten minutes.
soak: MINUTES ?= 60
soak: release
	.ci/setup test
	swift build --build-tests
	GATEPOST_SOAK_MINUTES=$(MINUTES) GATEPOST_TEST_PROGRAMS="$(CURDIR)/.build/release" \
	    .ci/tests --filter '^ProgramTests\.SoakTests'

lint:
	.ci/setup lint
	.ci/lint

format:
	swift format --in-place --recursive --parallel Package.swift Sources Workers Tests Schemas

# Puts the schemas of the events into the API's description, and lays it out.
openapi:
	/usr/bin/python3 Tests/Peers/api_document.py write Schemas/openapi.json Schemas/events

release:
	.ci/setup
	for program in $(PROGRAMS) gatepost-demo; do \
	    swift build -c release --static-swift-stdlib --product $$program || exit 1; done

# Programs, manual pages and units; DESTDIR for packages.
install: release
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/man/man1" "$(DESTDIR)$(PREFIX)/share/man/man8" \
	    "$(DESTDIR)$(PREFIX)/lib/systemd/system"
	install -m 0755 $(PROGRAMS:%=.build/release/%) "$(DESTDIR)$(PREFIX)/bin"
	.build/release/gatepost --manual >"$(DESTDIR)$(PREFIX)/share/man/man1/gatepost.1"
	install -m 0644 Packaging/man/*.8 "$(DESTDIR)$(PREFIX)/share/man/man8"
	for unit in Packaging/systemd/*.service; do \
	    sed 's|@PREFIX@|$(PREFIX)|' "$$unit" >"$(DESTDIR)$(PREFIX)/lib/systemd/system/$${unit##*/}" || exit 1; done
