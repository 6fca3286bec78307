#!/bin/sh
# Makes .venv-bench: OpenFisca-Core, the peer that the benchmark measures beside, apart from the program's own
# environment. Does nothing when it is ready already. Called by the benchmark of columns.
set -eu
cd "$(dirname "$0")/.."

LOCK=requirements-bench.lock
STAMP=.venv-bench/.ready

say() { printf 'bench: %s\n' "$*" >&2; }

wanted=$(cat "$LOCK" installers/bench.sh | sha256sum | cut -d' ' -f1)
[ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ] && exit 0

if [ ! -x .venv/bin/python ]; then
    say "run installers/setup.sh first: .venv-bench is made by the Python of .venv"
    exit 1
fi
.venv/bin/python -m venv --clear .venv-bench
say "installing the locked OpenFisca-Core into .venv-bench"
.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$LOCK"
printf '%s\n' "$wanted" >"$STAMP"
say "ready"
