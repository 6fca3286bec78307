#!/bin/sh
# Makes build/roots/clean-bullseye: a Debian 11 with nothing in it, the oldest system the packages are for, and has what
# make package-check presses keys with. Does nothing when it is there already.
set -eu
. "$(dirname "$0")/../build.sh"

ROOT=$BUILD/roots/clean-bullseye
need_root
need debootstrap debootstrap
need xdotool xdotool
[ -e "$ROOT/.ready" ] && exit 0
say "making a clean Debian 11"
rm -rf "$ROOT"
nice debootstrap --variant=minbase bullseye "$ROOT" >"$BUILD/clean.log" 2>&1 || { tail "$BUILD/clean.log" >&2; exit 1; }
touch "$ROOT/.ready"
