# One command each: `make demo` plays the product, `make test` proves it. Both do all of their own set-up, inside .venv.

PYTHONS := python3.14 python3.13 python3.12 python3.11 python3
RUN     := .venv/bin/python
PIP     := $(RUN) -m pip install --quiet --disable-pip-version-check --no-input
LOCK    := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
           --no-emit-index-url --no-emit-find-links --no-config pyproject.toml

# A copied or moved folder carries a .venv whose commands point to the old place: it is made anew.
PLACE := $(shell cat .venv/.place 2>/dev/null)
ifneq ($(PLACE),)
ifneq ($(PLACE),$(CURDIR))
STALE := stale
endif
endif

.PHONY: help setup demo test lint check bench soak gallery lock stale
.DEFAULT_GOAL := help

help:
	@echo "make demo    chạy thử toàn bộ hệ thống trên máy này"
	@echo "make test    chạy tất cả các bài kiểm thử"
	@echo "make lint    kiểm tra mã nguồn (định dạng, quy tắc, kiểu, phụ thuộc)"
	@echo "make check   lint và test"
	@echo "make setup   chỉ cài đặt môi trường chạy vào .venv"
	@echo "make bench   đo hiệu năng"
	@echo "make soak    kiểm thử kéo dài, tắt máy đột ngột 200 lần"
	@echo "make gallery chụp lại các hình trong README từ bản chạy thử"
	@echo "make lock    tính lại các tệp khóa phiên bản"

setup: .venv/.runtime ; @:

.venv/.python: $(STALE)
	@found=; old=; \
	for p in $(PYTHONS); do \
	    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	        $$p -c '' 2>/dev/null && old=yes; continue; }; \
	    found=$$p; \
	    $$p -c 'import venv, ensurepip' 2>/dev/null && { venv=yes; break; }; \
	done; \
	if [ -z "$$found$$old" ]; then \
	    echo "Máy chưa có python3: đề nghị cài Python 3.11 trở lên (ví dụ: apt install python3 python3-venv) rồi chạy lại." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
	    echo "Python trên máy cũ hơn 3.11: đề nghị cài Python 3.11 trở lên (ví dụ: apt install python3 python3-venv) rồi chạy lại." >&2; exit 1; \
	elif [ -z "$$venv" ]; then \
	    echo "Python trên máy thiếu mô-đun venv: đề nghị cài thêm (ví dụ: apt install python3-venv) rồi chạy lại." >&2; exit 1; \
	fi; \
	if [ -n "$(STALE)" ] || ! $(RUN) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Tạo môi trường .venv ($$($$found --version))"; \
	    $$found -m venv --clear .venv || exit 1; \
	fi; \
	printf '%s' '$(CURDIR)' > .venv/.place; touch $@

# Everything is pinned with its hash, so pip resolves nothing: --no-deps. The project itself is linked, not copied.
.venv/.runtime: requirements.lock pyproject.toml .venv/.python
	@echo "Cài đặt các gói chạy chương trình (chỉ lần đầu)"
	@$(PIP) --require-hashes --no-deps -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Cài đặt các gói kiểm thử (chỉ lần đầu)"
	@$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

demo: setup
	@.venv/bin/kycuong demo $(ARGS)

# tests.required turns a skip into a failure where KYCUONG_REQUIRE_POSTGRES, _BROWSER or _OFFICE is set.
test: .venv/.dev
	@$(RUN) -m pytest -p tests.required --numprocesses 2 --dist loadfile $(ARGS)

lint: .venv/.dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	.venv/bin/deptry .

check: lint test

bench: .venv/.dev
	@$(RUN) -m benchmarks $(ARGS)

soak: .venv/.dev
	@KYCUONG_KILLS=$${KYCUONG_KILLS:-200} $(RUN) -m pytest -p tests.required -m "soak or slow" $(ARGS)

# The pictures of the README and the handbooks, from the running demonstration: to be looked at before they are committed.
gallery: .venv/.dev
	@$(RUN) -m pytest -m gallery tests/browser/test_gallery.py $(ARGS)

# --no-emit-… and --no-config: no address of any package host may get into a lock.
lock: .venv/.dev
	@$(LOCK) --group build --output-file requirements.lock $(ARGS)
	@$(LOCK) --group build --group dev --extra postgres --constraint requirements.lock --output-file requirements-dev.lock $(ARGS)
	@if grep -n '://' requirements.lock requirements-dev.lock; then echo "Tệp khóa chứa địa chỉ mạng." >&2; exit 1; fi
