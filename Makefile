# `make` alone lists the targets. PROFILE, CELL, SEEDS, JOBS and OUT reach the command, as in
#     make ablate-ptb PROFILE=day CELL=gru OUT=results/night

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ABLATE := .build/release/ablate
OPTIONS := --cell $(or $(CELL),both) $(if $(PROFILE),--profile $(PROFILE)) $(if $(SEEDS),--seeds $(SEEDS)) \
	$(if $(JOBS),--jobs $(JOBS)) $(if $(OUT),--out "$(OUT)")

.PHONY: help deps deps-kjv deps-slurm build test soak fuzz sanitize data ablate-ptb ablate-wt2 ablate-kjv bench bench-peer bench-growth compare-pytorch readme clean

help: ## list the targets
	@echo 'usage: make TARGET [PROFILE=smoke|quick|day|paper] [CELL=lstm|gru|qrnn|both] [SEEDS=N] [JOBS=N] [OUT=FOLDER]'
	@awk -F ': .*## ' '/^[a-z0-9-]+:.* ## / { printf "  %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## install OpenBLAS, LAPACKE and pkg-config where they are missing (apt-get, as root or through sudo)
	@Scripts/install-dependencies

deps-kjv: ## install the King James Bible where it is missing: Debian's bible-kjv and bible-kjv-text
	@Scripts/install-dependencies kjv

deps-slurm: ## install Slurm where it is missing, for the tests of --launcher slurm: Debian's slurm-wlm and munge
	@Scripts/install-dependencies slurm

build: deps ## build the command, optimised: about 4 minutes the first time
	swift build -c release --product ablate

test: deps ## build for debugging and run all tests: about 6 minutes the first time
	swift build
	@Scripts/run-tests

soak: build ## kill tables 200 times and compare what they come to; hold load: many rows, a long training, a large text: under an hour
	Scripts/soak-kill --count 200
	Scripts/soak-load

fuzz: deps ## run the readers of files under libFuzzer: 15 minutes to build, then an hour or 10 million files each
	Scripts/fuzz

sanitize: deps ## run the tests under the address, undefined-behaviour and thread sanitizers: two builds, about half an hour
	Scripts/sanitize

data: build ## fetch and verify Penn Treebank and WikiText-2: 18 MB
	$(ABLATE) data

ablate-ptb: build ## the removal table on Penn Treebank, both cells: about 20 minutes on two cores, less on recent ones
	$(ABLATE) --dataset ptb $(OPTIONS)

ablate-wt2: build ## the same on WikiText-2: about half as long again
	$(ABLATE) --dataset wt2 $(OPTIONS)

ablate-kjv: deps deps-kjv build ## the same on the King James Bible, from Debian's packages: nothing else is fetched
	$(ABLATE) --dataset kjv $(OPTIONS)

bench: build ## training tokens/s of all cells beside the roof of matrix products: about a minute, with nothing else running
	$(ABLATE) bench --csv Benchmarks/bench.csv

bench-peer: build ## compare the tokens/s with PyTorch's, alternately: 8 minutes, and 200 MB to fetch (or set PEER_PYTHON)
	Scripts/bench-peer

bench-growth: build ## measure how cost grows with sizes and threads, and plot it: 3 minutes, and matplotlib to fetch
	Scripts/bench-growth

compare-pytorch: build ## train the quick profile's full model here and in PyTorch, and compare: about 15 minutes, and 200 MB to fetch (or set PEER_PYTHON)
	Scripts/compare-pytorch $(OPTIONS)

readme: build ## write the README's table anew, from the committed results
	Scripts/update-reports README.md

clean: ## remove what was built; data and results stay
	rm -rf .build .build-* Examples/*/.build
