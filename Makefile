# Thin aliases of dev.py, which works without make too (Windows: python dev.py run).

# The first Python the pinned packages exist for; bare Debian 12 has python3.11 but no python3.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1 && echo $$p && exit; done; echo python3)

.DEFAULT_GOAL := help
.PHONY: help setup run test bench faults lint package-deb package-windows update-key update-package supply migration lock clean

help: ## 列出这些目标
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## 准备运行环境（.venv、系统库），不启动程序
	@$(PYTHON) dev.py setup

run: ## 启动程序；没有屏幕时把一天的工作无界面走一遍
	@$(PYTHON) dev.py run

test: ## 跑全部检查：ruff、mypy、依赖方向、pytest
	@$(PYTHON) dev.py test

bench: ## 测速：启动、解锁、导入、导出、合并
	@$(PYTHON) dev.py bench

faults: ## 长时间的故障测试：损坏、断电、乱序
	@$(PYTHON) dev.py faults

lint: ## 只跑静态检查：ruff、mypy、依赖方向
	@$(PYTHON) dev.py lint

package-deb: ## 打 Linux 安装包，在干净的 Debian 11、12 上试装（要 root）
	@$(PYTHON) dev.py package-deb

package-windows: ## 打 Windows 安装程序，并在 wine 里试装（Linux 上要 root）
	@$(PYTHON) dev.py package-windows

update-key: ## 做一对升级包的密钥：公钥随程序发布，私钥放在代码目录之外
	@$(PYTHON) dev.py update-key

update-package: ## 把 dist 里冻结好的程序打成签了名的升级包（.gup）
	@$(PYTHON) dev.py update-package

supply: ## 问一遍软件源：每个锁定的包在每种系统上都有吗，许可、已知漏洞（要联网）
	@$(PYTHON) dev.py supply

migration: ## 改了记录之后生成迁移：make migration MESSAGE="加了什么"
	@$(PYTHON) dev.py migration "$(MESSAGE)"

lock: ## 按 pyproject.toml 重新生成 requirements.lock
	@$(PYTHON) dev.py lock

clean: ## 删除 .venv、build、dist 和缓存
	@$(PYTHON) dev.py clean
