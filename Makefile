# 接诉 jiesu: `make run` shows it, `make test` checks it. Needs Python 3.11 or newer, pip and a package registry.
# Everything is set up in .venv; a step is done again only when a file it rests on has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JIESU_PORT ?= 8000
export JIESU_PORT

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard webapp/translations/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.PHONY: help run install test test-long lint bench lock vendor clean
.DELETE_ON_ERROR:

help:
	@echo "make run        安装并运行演示 / set up and serve the demo at http://127.0.0.1:$(JIESU_PORT) (JIESU_PORT)"
	@echo "make install    只安装，不启动 / set up only: .venv/bin/jiesu for an installation of your own"
	@echo "make test       安装并运行测试 / set up and run the tests (PostgreSQL, browser and Node included)"
	@echo "make test-long  运行耗时的测试 / run the tests that take minutes"
	@echo "make lint       代码、类型、分层、许可证检查 / ruff, mypy, import arrows, licences, vendored files"
	@echo "make bench      性能测量 / measure, print a table"
	@echo "make lock       重新锁定依赖 / lock the newest allowed dependencies again, with hashes"
	@echo "make vendor     更新前端库 / fetch the front-end libraries named in vendor.lock.json again (needs npm)"
	@echo "make clean      删除 .venv 和生成的文件 / remove .venv and what was built (var/, your data, stays)"

install: $(VENV)/run.stamp $(CATALOGUES)

run: install
	@exec $(BIN)/jiesu serve --demo

test: $(VENV)/dev.stamp $(CATALOGUES)
	@tools/system.sh
	$(BIN)/python -m pytest

test-long: $(VENV)/dev.stamp $(CATALOGUES)
	@tools/system.sh
	$(BIN)/python -m pytest -m long || [ $$? -eq 5 ] # 5: there is none

CHECKS := "ruff check" mypy "lint-imports --no-logo" "python tools/licences.py check" "python tools/vendor.py check"
lint: $(VENV)/dev.stamp
	@failed=; for check in $(CHECKS); do \
		echo "$$check"; $(BIN)/$$check || failed="$$failed [$$check]"; \
	done; \
	[ -z "$$failed" ] || { echo "未通过 / failed:$$failed"; exit 1; }

bench: $(VENV)/dev.stamp $(CATALOGUES)
	@tools/system.sh
	$(BIN)/python -m bench

# The locks: uv reads pyproject.toml and answers for every platform and Python at once.
UV_COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(VENV)/dev.stamp
	$(PIP) install --upgrade uv
	$(UV_COMPILE) pyproject.toml --group install --output-file requirements.lock
	$(UV_COMPILE) pyproject.toml --group install --group test --group lint --constraint requirements.lock --output-file requirements-dev.lock
	@$(MAKE) --no-print-directory $(VENV)/dev.stamp
	$(BIN)/python tools/licences.py update

vendor:
	$(PYTHON) tools/vendor.py update

clean:
	rm -rf $(VENV) build node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f $(CATALOGUES)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@tools/venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "正在安装依赖 / installing the dependencies ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@echo "正在安装测试与检查工具 / installing the tools of the tests ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

%.mo: %.po | $(VENV)/run.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
