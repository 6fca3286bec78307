#!/bin/sh
# Makes .venv ready to run, test and check this checkout. Does nothing when it is ready already.
# Called by every make target; needs python3 (3.11), make and git, and root or sudo only for system packages.
set -eu
cd "$(dirname "$0")/.."

LOCK=requirements.lock
STAMP=.venv/.ready
# What Qt 6 loads on Debian when it draws offscreen or on X.
QT_PACKAGES="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0
 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
# What the tests need that press keys at the real window: a display, a window manager, an input method.
HANDS_PACKAGES="xvfb openbox libxtst6 fcitx5 fcitx5-pinyin dbus-daemon"

say() { printf 'setup: %s\n' "$*" >&2; }

is_python_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

is_made_here() { head -n 2 .venv/bin/pip 2>/dev/null | grep -qF "$(pwd -P)/.venv/"; }

find_python() {
    for candidate in python3.11 python3; do
        if is_python_311 "$candidate"; then command -v "$candidate"; return; fi
    done
    say "CPython 3.11 is needed and no python3.11 was found; install it (Debian 12: apt-get install python3 python3-venv)"
    exit 1
}

# Prints how to become root for one command: nothing when we are, sudo when it asks no password; fails otherwise.
as_root() {
    if [ "$(id -u)" = 0 ]; then echo ""; elif sudo -n true 2>/dev/null; then echo sudo; else return 1; fi
}

missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

install_system_packages() {
    command -v apt-get >/dev/null 2>&1 || return 0
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if sudo_word=$(as_root); then
        say "installing system packages: $missing"
        $sudo_word apt-get update -qq
        # shellcheck disable=SC2086  # a list of packages is meant to be split
        DEBIAN_FRONTEND=noninteractive $sudo_word apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        say "these system packages are missing, please have them installed as root: apt-get install $missing"
    fi
}

# The scripts in .venv and the editable install hold the checkout's path: where that has changed, all is made anew.
wanted=$({ pwd -P; cat "$LOCK" pyproject.toml installers/setup.sh; } | sha256sum | cut -d' ' -f1)
[ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ] && exit 0

# shellcheck disable=SC2086
install_system_packages $QT_PACKAGES $HANDS_PACKAGES strace
command -v strace >/dev/null 2>&1 || say "strace is missing: the tests that let single system calls fail will be skipped"
install_system_packages faketime || true
ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 ||
    say "faketime is missing: the tests that start the program will run on the real day only"
python=$(find_python)
if ! "$python" -c 'import ensurepip' 2>/dev/null; then install_system_packages python3-venv; fi
is_python_311 .venv/bin/python && is_made_here || "$python" -m venv --clear .venv
say "installing the locked dependencies into .venv"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$LOCK"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
printf '%s\n' "$wanted" >"$STAMP"
say "ready"
