# make demo and make test need git, make and Python 3.11 or newer, and nothing installed by hand.
# Everything goes into .venv in this folder; uv is used when it is there, else venv and pip.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
# The machine's own certificates, as pip uses them: many networks have an authority of their own.
export UV_SYSTEM_CERTS := 1
# A virtual environment that happens to be active is not ours.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# Compiling pandas afresh in every command takes longer than most commands.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test qgis-lts lint docs examples pictures boundaries mutants coverage audit-bench bench
.PHONY: run-bench torture qgis-plugin clean

demo: $(VENV)/.have-all
	$(BIN)/geolyft demo --out out/demo
	@echo "Open out/demo/karta.html in a browser, out/demo/omradeslyft.qgz in QGIS."

# A worker for each processor; a file's tests stay together, for they share a browser. What is not
# there (QGIS, Chromium, Pango, node) is skipped with the words that install it.
ONLY ?=
test: $(VENV)/.have-test
	$(BIN)/python -m pytest -n auto --dist loadfile $(ONLY)

# The same layers, projects and pages in QGIS 3.40 LTR, which is Debian 13's: minutes the first time.
qgis-lts: $(VENV)/.have-test
	GEOLYFT_QGIS_PYTHON=$(CURDIR)/.ci/qgis_lts GEOLYFT_NEED=qgis $(BIN)/python -m pytest tests/qgis

lint: $(VENV)/.have-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --strict examples/*.py
	$(BIN)/mypy tests/disclosure/test_raw.py # an ignored error there that is none is one
	$(BIN)/lint-imports
	@if command -v npm >/dev/null; then \
	  $(BIN)/pyright --pythonpath $(BIN)/python examples/*.py && \
	  cd tests/web/js && npm install --no-package-lock --no-audit --no-fund --silent \
	    && npm run --silent lint && echo "The map's scripts pass tsc and eslint."; \
	else \
	  echo "Skipped, for there is no npm: pyright on the examples, tsc and eslint on the map's scripts" \
	    "(apt-get install -y --no-install-recommends nodejs npm)"; \
	  case "$$GEOLYFT_NEED" in *node*|all) exit 1;; esac; \
	fi

docs: $(VENV)/.have-docs
	$(BIN)/python docs/errors.py
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

examples: $(VENV)/.have-all
	$(BIN)/geolyft check examples/demo/run.toml
	$(BIN)/python examples/register/generate.py --residents 40000
	$(BIN)/geolyft run examples/register/run.toml --out out/register
	$(BIN)/geolyft verify out/register
	for script in examples/*.py; do $(BIN)/python "$$script" || exit 1; done

pictures: $(VENV)/.have-test
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/pictures_qgis.py
	$(BIN)/python docs/pictures_rasters.py
	$(BIN)/python docs/pictures_house.py

boundaries: $(VENV)/.have-all
	$(BIN)/python boundaries/build.py --source ../shared/data
	$(BIN)/python boundaries/build_blocks.py
	$(BIN)/python boundaries/build_regso.py
	$(BIN)/python docs/pictures_splits.py --source ../shared/data

# Do the tests notice a wrong line? Minutes; what was noticed once is not tried again.
SEED ?= 2030
mutants: $(VENV)/.have-test
	$(BIN)/python benchmarks/house/mutants.py --seed $(SEED)

# Do intervals hold what they promise? Half an hour; prints the tables of docs/method.md.
WORLDS ?= 1500
coverage: $(VENV)/.have-test
	$(BIN)/python benchmarks/certainty/coverage.py --worlds $(WORLDS)
	$(BIN)/python benchmarks/certainty/demo.py --worlds $(WORLDS)

# Does the audit of what is published hold, and what does it cost? Hours; prints the tables of
# docs/disclosure.md.
CITIES ?= 200
audit-bench: $(VENV)/.have-test
	$(BIN)/python benchmarks/disclosure/audit.py
	$(BIN)/python benchmarks/disclosure/registers.py
	$(BIN)/python benchmarks/disclosure/cities.py --cities $(CITIES)

# Other work on the machine shows in the times: run it when it is quiet. In an environment of its
# own, for duckdb's spatial extension needs an older duckdb than the tests take.
SIZES ?= 1e5,1e6,1e7
CELLS ?= 10,1
bench:
	@$(MAKE) --no-print-directory VENV=.venv-bench run-bench

run-bench: $(VENV)/.have-bench
	$(BIN)/python benchmarks/side_by_side/run.py --sizes $(SIZES) --cells $(CELLS)

# The demo with another Python, with the oldest and newest packages that are allowed, and without the
# optional ones: no file but those that name versions, or are said in docs/reliability.md, may have other
# bytes than here. Then the tests of a whole run. Needs uv; PYTHON_OF=FILE names a Python.
OTHERS := python-3.12 python-3.13 oldest newest bare
.PHONY: $(OTHERS)
$(OTHERS): PYTHON_OF = $(if $(filter python-%,$@),$(@:python-%=%),3.11)
$(OTHERS): OTHER_BYTES := manifest.json rapport.html
oldest: OTHER_BYTES += omradeslyft.gpkg resultat.parquet inuti.csv nivaer_jamforda.csv ojamlikhet.csv
oldest: HOW := --resolution lowest-direct
newest: HOW := --upgrade
bare: EXTRAS :=
$(OTHERS): EXTRAS ?= [audit,excel]
$(OTHERS): demo
	$(UV) venv --quiet --clear --python $(PYTHON_OF) .venv-$@
	$(UV) pip install --quiet --python .venv-$@/bin/python $(HOW) ".$(EXTRAS)"
	.venv-$@/bin/geolyft demo --out out/$@ --quiet
	.venv-$@/bin/geolyft verify out/$@
	diff -rq $(OTHER_BYTES:%=--exclude=%) out/demo out/$@
	$(UV) pip install --quiet --python .venv-$@/bin/python pytest hypothesis
	.venv-$@/bin/pytest tests/pipeline/test_pipeline.py

# The demo under Swedish locales, of two ways to write letters: not a byte of it is another.
LOCALES := out/locales
.PHONY: swedish
swedish: demo
	mkdir -p $(LOCALES)
	for letters in UTF-8 ISO-8859-1; do \
	  localedef -i sv_SE -f $$letters $(LOCALES)/sv_SE.$$letters \
	  && LOCPATH=$(CURDIR)/$(LOCALES) LC_ALL=sv_SE.$$letters $(BIN)/geolyft demo --out out/swedish --quiet \
	  && diff -rq out/demo out/swedish || exit 1; \
	done

# What geolyft bears: disks that fail, kills, flipped bits, bombs. Long; prints the figures of
# docs/reliability.md. SHARE=0.1 for a quick look.
SHARE ?= 1
torture: $(VENV)/.have-test
	$(BIN)/python benchmarks/reliability/torture.py --share $(SHARE)

# What the wheel comes with: a CycloneDX SBOM beside it, licences, known vulnerabilities. Needs uv.
SBOM = dist/geolyft.cdx.json
.PHONY: supply
supply: $(VENV)/.have-supply
	rm -rf dist
	$(UV) build --quiet --wheel --out-dir dist
	$(UV) venv --quiet --clear --python $(BIN)/python .venv-supply
	$(UV) pip install --quiet --python .venv-supply/bin/python "$$(ls dist/*.whl)[all]"
	$(BIN)/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
	  --mc-type library --output-file $(SBOM) .venv-supply
	$(BIN)/python .ci/supply.py $(SBOM) .venv-supply/lib/python*/site-packages

# The plugin for QGIS, to be installed from a zip.
qgis-plugin: $(BIN)/python
	$(BIN)/python qgis_plugin/build.py

clean:
	rm -rf $(VENV) .venv-* out dist docs/_build

$(BIN)/python:
ifeq ($(UV),)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "geolyft needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
else
	$(UV) venv --quiet --python ">=3.11" $(VENV)
endif

# One rule for every extra: .have-test installs geolyft[test], and so on.
$(VENV)/.have-%: $(BIN)/python pyproject.toml
ifeq ($(UV),)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
else
	$(UV) pip install --quiet --python $(BIN)/python --editable ".[$*]"
endif
	@touch $@
