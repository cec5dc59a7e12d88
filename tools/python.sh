#!/bin/sh
# Prints a Python of 3.11 or newer that can make virtual environments; says what to install where there is none.
set -eu

no_venv=""
for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python python3.14 \
    /opt/homebrew/bin/python3 /usr/local/bin/python3; do
    [ -n "$name" ] || continue
    found=$(command -v "$name" 2>/dev/null) || continue
    "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if "$found" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        echo "$found"
        exit 0
    fi
    no_venv=$found
done

if [ -n "$no_venv" ]; then
    echo "$no_venv 缺少 venv 模块。Debian/Ubuntu 请执行：sudo apt install python3-venv" >&2
    echo "$no_venv lacks the venv module. On Debian or Ubuntu: sudo apt install python3-venv" >&2
else
    echo "没有找到 Python 3.11 或更高版本。请安装后重试，或用 make PYTHON=/路径/python3 指定。" >&2
    echo "No Python 3.11 or newer was found. Install one and try again, or name it: make PYTHON=/path/to/python3" >&2
    echo "  Debian/Ubuntu: sudo apt install python3 python3-venv    macOS: brew install python@3.11" >&2
fi
exit 1
