#!/bin/sh
# Installs one lock into the environment: sh tools/install.sh .venv/bin/python requirements.lock
# uv does in seconds what takes pip minutes; where uv cannot be had or fails, pip does it. Hashes are checked by both.
# Both compile what they install: else every start of a Python that may not write beside it compiles it all again.
set -u

python=$1
lock=$2
uv_lock=$(dirname "$python")/../uv.lock

# uv does not read pip's settings: a mirror that pip is told to use holds for both
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null ||
    "$python" -m pip config get user.index-url 2>/dev/null)}
if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    export UV_DEFAULT_INDEX="$index"
fi

with_uv() {
    awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements-dev.lock >"$uv_lock" || return 1
    "$python" -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps -r "$uv_lock" || return 1
    "$python" -m uv pip install --quiet --compile-bytecode --python "$python" --require-hashes --no-deps -r "$lock"
}

with_uv 2>"$uv_lock.log" && exit 0
exec "$python" -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps -r "$lock"
