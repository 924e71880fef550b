# make lab    the course in JupyterLab
# make test   everything that must hold
# make help   all targets

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
START := notebooks/00_start_here.ipynb

# One stamp for each set of installed packages: a second run of make finds it and installs nothing.
CREATED := $(VENV)/created
FOR_LAB := $(VENV)/installed-for-lab
FOR_TEST := $(VENV)/installed-for-test
FROM_NPM := tests/js/node_modules/installed
DOCS_ENV := build/docs-env
FOR_DOCS := $(DOCS_ENV)/installed
FOR_PAGES := tools/site/node_modules/installed

# Tests run on all processors; those of one file on the same one, where they share what is dear to
# start: a kernel, a server, a browser.
ON_ALL := -n logical --dist loadfile

# Kernels come from this environment, and no IPython profile of the user has a say in the outputs.
export JUPYTER_PREFER_ENV_PATH := 1
check-notebooks notebooks unit: export IPYTHONDIR := $(CURDIR)/$(VENV)/ipython

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help lab test test-all lint format unit layers check-notebooks notebooks docs dist bench bench-diagnosis mutate \
	frameworks frameworks-notebook fuzz lock clean system site test-site

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 20

lab: $(FOR_LAB)  ## install what is missing and open the course in JupyterLab
	@# what we have stored is ours: untrusted, JupyterLab would leave parts of it out until it is run
	@$(VENV)/bin/jupyter trust notebooks/*.ipynb > $(VENV)/trusted
	@echo "JupyterLab opens $(START). Where there is no browser, open the address that it prints."
	$(VENV)/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) \
		$$($(PY) -c "from dlhand.lab.connection import OPTION; print(OPTION)") \
		--LabApp.default_url=/lab/tree/$(START)

test: system $(FOR_TEST) $(FROM_NPM) $(FOR_PAGES) lint unit layers check-notebooks  ## everything that must hold

test-all: export DLHAND_ALL := 1
test-all: test  ## the same, with what takes minutes: every slide, every player's every step, every Python, Binder

lint: $(FOR_TEST)  ## ruff and strict mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy dlhand tools

unit: system $(FOR_TEST) $(FROM_NPM) $(FOR_PAGES)  ## pytest: doctests, unit tests, laws, browser tests
	$(PY) -m pytest $(ON_ALL)

layers: $(FOR_TEST)  ## imports point downwards only
	$(PY) tools/check_layers.py

check-notebooks: $(FOR_TEST)  ## the notebooks are as their sources say, and run as stored
	$(PY) tools/check_notebooks.py
	$(PY) tools/build_notebooks.py --check
	$(PY) -m pytest $(ON_ALL) --nbval $$($(PY) -m tools.chapters)

notebooks: $(FOR_TEST)  ## build notebooks/*.ipynb from notebooks/src/*.py (but chapter 19)
	$(PY) tools/build_notebooks.py
	$(PY) -m tools.make_must_fail

docs: $(FOR_DOCS)  ## build the documentation into build/docs
	NO_MKDOCS_2_WARNING=1 $(DOCS_ENV)/bin/python -m mkdocs build --quiet

dist: $(FOR_TEST)  ## build the sdist, and the wheel from it, into build/dist
	rm -rf build/dist
	$(PY) -m hatchling build -t sdist -d build/dist
	$(PIP) wheel --quiet --no-deps --no-build-isolation -w build/dist build/dist/*.tar.gz

format: $(FOR_TEST)  ## let ruff mend what it can
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(FOR_TEST)  ## the figures against peers, also in build/bench.json
	mkdir -p build
	$(PY) benchmarks/run.py

bench-diagnosis: $(FOR_TEST)  ## how well planted slips are found, and how often a number from nowhere is
	$(PY) -m benchmarks.diagnosis

mutate: $(FOR_TEST)  ## change each rule of each operation in turn: which notebook notices?
	$(PY) -m tools.mutate

GRAPHS ?= 6000
fuzz: $(FOR_TEST)  ## the attack of tests/laws at length: about a million comparisons (GRAPHS=6000)
	$(PY) -m tests.laws.attack $(GRAPHS) $$(date +%s)

frameworks:  ## renew tests/frameworks/*.json from PyTorch and Keras, in an environment of its own
	test -d build/frameworks || $(PYTHON) -m venv build/frameworks
	build/frameworks/bin/python -m pip --disable-pip-version-check install --quiet \
		-r tools/frameworks/requirements.txt
	build/frameworks/bin/python -m tools.frameworks.record

# Chapter 19 has needs of its own (tools/chapters.py), and so an environment of its own. Where the
# index of PyTorch's builds for the CPU can be reached, such a build is taken; else what PyPI has.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
CHAPTER := 19_in_a_framework
FOR_CHAPTER := build/chapter19/installed
IN_CHAPTER := build/chapter19/bin/python
CHAPTER_PIP := $(IN_CHAPTER) -m pip --disable-pip-version-check install --quiet

$(FOR_CHAPTER): requirements.lock requirements-frameworks.lock pyproject.toml
	@echo "Installing Keras and PyTorch into build/chapter19: once, about two minutes"
	rm -rf build/chapter19 && $(PYTHON) -m venv build/chapter19
	@$(CHAPTER_PIP) --no-deps --retries 1 --extra-index-url $(TORCH_INDEX) \
		$$(grep '^torch==' requirements-frameworks.lock) || { \
		echo "PyTorch, which chapter 19 runs, could be had neither from $(TORCH_INDEX) nor from"; \
		echo "the index of pip. Name another one: make TORCH_INDEX=... frameworks-notebook"; \
		exit 1; } >&2
	$(CHAPTER_PIP) -r requirements.lock -r requirements-frameworks.lock
	$(CHAPTER_PIP) --no-deps --no-build-isolation -e .
	$(IN_CHAPTER) -c 'import matplotlib.font_manager'
	@touch $@

frameworks-notebook: export IPYTHONDIR := $(CURDIR)/build/chapter19/ipython
frameworks-notebook: $(FOR_CHAPTER)  ## chapter 19, which needs Keras and PyTorch, is as its source says
	$(IN_CHAPTER) tools/build_notebooks.py --check $(CHAPTER)
	$(IN_CHAPTER) -m pytest --nbval notebooks/$(CHAPTER).ipynb
	$(IN_CHAPTER) -m pytest tests/chapter19

# JupyterLite has an environment of its own: nothing else of the course needs it.
SITE := build/site
FOR_SITE := build/site-env/installed
IN_SITE := build/site-env/bin/python

$(FOR_SITE): requirements.lock requirements-site.lock pyproject.toml
	rm -rf build/site-env && $(PYTHON) -m venv build/site-env
	$(IN_SITE) -m pip --disable-pip-version-check install --quiet -e '.[site]' \
		-c requirements.lock -c requirements-site.lock
	@touch $@

site: system $(FOR_TEST) $(FOR_PAGES) $(FOR_SITE)  ## the course for a web host, in build/site
	$(PY) -m tools.site.build -o $(SITE)
	$(IN_SITE) -m tools.site.lite $(SITE)/live

test-site: site $(FROM_NPM)  ## the whole of build/site in a real browser, the live chapters too
	DLHAND_SITE=$(SITE) $(PY) -m pytest tests/live

clean:  ## remove all that make has made
	rm -rf $(VENV) build tests/js/node_modules tools/site/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

system:
	@sh tools/system_packages.sh

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "dlhand needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; } >&2
	rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; } >&2
	@touch $@

# The list of a learner at the versions of the lock.
$(FOR_LAB): $(CREATED) requirements.txt requirements.lock pyproject.toml
	@echo "Installing JupyterLab and the course into $(VENV): once, about a minute"
	$(PIP) install --quiet -r requirements.txt -c requirements.lock
	$(PIP) install --quiet --no-deps -e .
	@touch $@

$(FOR_TEST): $(CREATED) requirements.lock pyproject.toml
	@echo "Installing the versions of requirements.lock into $(VENV): once, about a minute"
	$(PIP) install --quiet -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@# Drawn for the first time, matplotlib may warn that it looks for fonts: not in a notebook.
	$(PY) -c 'import matplotlib.font_manager'
	@touch $@ $(FOR_LAB)

$(FOR_DOCS): requirements-docs.lock
	rm -rf $(DOCS_ENV) && $(PYTHON) -m venv $(DOCS_ENV)
	$(DOCS_ENV)/bin/python -m pip --disable-pip-version-check install --quiet -r $<
	@touch $@

$(FROM_NPM): tests/js/package.json tests/js/package-lock.json
	npm ci --prefix tests/js --no-audit --no-fund
	@touch $@

$(FOR_PAGES): tools/site/package.json tools/site/package-lock.json
	npm ci --prefix tools/site --no-audit --no-fund
	@touch $@

# The pins, from the bounds in pyproject.toml, by the oldest Python that is supported.
lock:  ## renew the locks and binder/requirements.txt (needs Python 3.11)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "The lock is made by Python 3.11: make PYTHON=python3.11 lock"; exit 1; } >&2
	rm -rf build/lock
	for each in all learner docs site; do $(PYTHON) -m venv build/lock/$$each; done
	build/lock/all/bin/pip install --quiet '.[lab,dev]'
	{ sed -n '/^#/p' requirements.lock; build/lock/all/bin/pip freeze --exclude dlhand; } > build/lock/all.txt
	build/lock/learner/bin/pip install --quiet '.[lab]' -c build/lock/all.txt
	{ sed -n '/^#/p' binder/requirements.txt; build/lock/learner/bin/pip freeze --exclude dlhand; } > build/lock/learner.txt
	build/lock/docs/bin/pip install --quiet '.[docs]' -c build/lock/all.txt
	{ sed -n '/^#/p' requirements-docs.lock; build/lock/docs/bin/pip freeze --exclude dlhand; } > build/lock/docs.txt
	mv build/lock/docs.txt requirements-docs.lock
	build/lock/site/bin/pip install --quiet '.[site]' -c build/lock/all.txt
	{ sed -n '/^#/p' requirements-site.lock; build/lock/site/bin/pip freeze --exclude dlhand | \
		grep -v -x -F -f build/lock/all.txt; } > build/lock/site.txt
	mv build/lock/all.txt requirements.lock
	mv build/lock/site.txt requirements-site.lock
	mv build/lock/learner.txt binder/requirements.txt
