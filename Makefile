# `make` alone lists the targets. PROFILE, CELL, SEEDS, FIRST_SEED, JOBS and OUT reach the command, as in
#     make ablate-ptb PROFILE=evening CELL=gru OUT=results/night

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ABLATE := .build/release/ablate
OPTIONS := --cell $(or $(CELL),both) $(if $(PROFILE),--profile $(PROFILE)) $(if $(SEEDS),--seeds $(SEEDS)) \
	$(if $(FIRST_SEED),--first-seed $(FIRST_SEED)) $(if $(JOBS),--jobs $(JOBS)) $(if $(OUT),--out "$(OUT)")

PREFIX ?= /usr/local
INSTALLED = $(DESTDIR)$(PREFIX)
SHARED_FOLDERS := ablate/Ablations ablate/Examples man/man1 bash-completion/completions zsh/site-functions fish/vendor_completions.d

# Two targets that install would run apt-get at once.
.NOTPARALLEL:

.PHONY: help deps deps-kjv deps-slurm deps-pictures deps-readers build test install install-files uninstall docs soak fuzz sanitize data ablate-ptb ablate-wt2 ablate-kjv bench bench-peer bench-growth compare-pytorch report readme clean

help: ## list the targets
	@echo 'usage: make TARGET [PROFILE=smoke|quick|evening|paper] [CELL=lstm|gru|qrnn|both] [SEEDS=N] [FIRST_SEED=N] [JOBS=N] [OUT=FOLDER]'
	@awk -F ': .*## ' '/^[a-z0-9-]+:.* ## / { printf "  %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## install OpenBLAS, LAPACKE, pkg-config and libxsmm where they are missing (apt-get, as root or through sudo)
	@Scripts/install-dependencies

deps-kjv: ## install the King James Bible where it is missing: Debian's bible-kjv and bible-kjv-text
	@Scripts/install-dependencies kjv

deps-slurm: ## install Slurm where it is missing, for the tests of --launcher slurm: Debian's slurm-wlm and munge
	@Scripts/install-dependencies slurm

deps-pictures: ## install gnuplot where it is missing: Debian's gnuplot-nox
	@Scripts/install-dependencies pictures

deps-readers: ## install what tests read pages, event files and tables with: Debian's chromium, and 130 MB of Python packages in .build/readers
	@Scripts/install-dependencies readers
	@cmp --quiet Scripts/readers.txt .build/readers/installed || { python3 -m venv .build/readers && \
		.build/readers/bin/pip install --quiet --no-compile --requirement Scripts/readers.txt && cp Scripts/readers.txt .build/readers/installed; }

build: deps ## build the command, optimised: about 4 minutes the first time
	swift build -c release --product ablate

test: deps ## build for debugging and run all tests: about 6 minutes the first time
	swift build
	swift build --product generate-manual
	@Scripts/run-tests

install: build ## install the command, its configurations, man pages and shell completions under PREFIX (/usr/local), below DESTDIR
	swift build -c release --product generate-manual
	@$(MAKE) --no-print-directory install-files

# What `install` does once all is built.
install-files:
	install -d "$(INSTALLED)/bin" $(foreach folder,$(SHARED_FOLDERS),"$(INSTALLED)/share/$(folder)")
	install -m 755 "$(ABLATE)" "$(INSTALLED)/bin/ablate"
	cp -R Configs "$(INSTALLED)/share/ablate"
	cp -R Ablations/rows Ablations/published "$(INSTALLED)/share/ablate/Ablations"
	cp Examples/weight-dropping-levels.yaml "$(INSTALLED)/share/ablate/Examples"
	chmod -R u=rwX,go=rX "$(INSTALLED)/share/ablate"
	"$(dir $(ABLATE))generate-manual" "$(ABLATE)" --multi-page --output-directory "$(INSTALLED)/share/man/man1"
	"$(ABLATE)" --generate-completion-script bash > "$(INSTALLED)/share/bash-completion/completions/ablate"
	"$(ABLATE)" --generate-completion-script zsh > "$(INSTALLED)/share/zsh/site-functions/_ablate"
	"$(ABLATE)" --generate-completion-script fish > "$(INSTALLED)/share/fish/vendor_completions.d/ablate.fish"

uninstall: ## remove what install put there, with the same PREFIX and DESTDIR
	rm -rf "$(INSTALLED)/share/ablate"
	rm -f "$(INSTALLED)/bin/ablate" "$(INSTALLED)"/share/man/man1/ablate.1 "$(INSTALLED)"/share/man/man1/ablate.*.1 \
		"$(INSTALLED)/share/bash-completion/completions/ablate" "$(INSTALLED)/share/zsh/site-functions/_ablate" "$(INSTALLED)/share/fish/vendor_completions.d/ablate.fish"

docs: deps ## make the documentation of the libraries, with an article a technique and a tutorial, in .build/documentation: half a minute after the build
	swift build
	Scripts/docs

soak: build ## kill tables 200 times and compare what they come to; hold load: many rows, a long training, a large text: under an hour
	Scripts/soak-kill --count 200
	Scripts/soak-load

fuzz: deps ## run the readers of files under libFuzzer: 15 minutes to build, then an hour or 10 million files each
	Scripts/fuzz

sanitize: deps ## run the tests under the address, undefined-behaviour and thread sanitizers: two builds, about half an hour
	Scripts/sanitize

data: build ## fetch and verify Penn Treebank and WikiText-2: 18 MB
	$(ABLATE) data

ablate-ptb: build ## the removal table on Penn Treebank, both cells: about 16 minutes on two cores of a Zen 4, after the build
	$(ABLATE) --dataset ptb $(OPTIONS)

ablate-wt2: build ## the same on WikiText-2: about half as long again
	$(ABLATE) --dataset wt2 $(OPTIONS)

ablate-kjv: deps deps-kjv build ## the same on the King James Bible, from Debian's packages: nothing else is fetched
	$(ABLATE) --dataset kjv $(OPTIONS)

bench: build ## training tokens/s of all cells beside the roof of matrix products: about a minute, with nothing else running
	$(ABLATE) bench --csv Benchmarks/bench.csv

bench-peer: build ## compare the tokens/s with those of PyTorch, torch.compile and JAX, alternately: a quarter of an hour, what torch.compile compiles apart, and 340 MB to fetch, with PyTorch for CUDA 3 GB (or set PEER_PYTHON)
	Scripts/bench-peer

bench-growth: build ## measure how cost grows with sizes and threads, and plot it: 3 minutes, and matplotlib to fetch
	Scripts/bench-growth

compare-pytorch: build ## train the quick profile's full model here and in PyTorch, and compare: about 15 minutes, and 200 MB to fetch, with PyTorch for CUDA 3 GB (or set PEER_PYTHON)
	Scripts/compare-pytorch $(OPTIONS)

report: build deps-pictures ## make report.html, a page with table and pictures, in results/ptb-quick (or in OUT): seconds
	$(ABLATE) report "$(or $(OUT),results/ptb-$(or $(PROFILE),quick))" --format html

readme: build deps-pictures ## write the tables of README and documentation, and the picture, anew, from the committed results
	$(ABLATE) report Ablations/measured/ptb-quick --format svg --out .build/pictures
	$(ABLATE) report Ablations/measured/ptb-quick > .build/pictures/table.txt
	$(ABLATE) report Ablations/measured/ptb-quick --format csv > .build/pictures/table.csv
	cp .build/pictures/forest-ptb-quick.svg .build/pictures/table.txt .build/pictures/table.csv Ablations/measured/ptb-quick/
	Scripts/update-reports README.md Sources/Tables/Tables.docc/quick-table.md
	Scripts/update-articles Ablations/README.md Sources/*/*.docc/*.md

clean: ## remove what was built; data and results stay
	rm -rf .build .build-* Examples/*/.build
