#!/bin/sh
# portable.sh FROZEN STAGE VERSION LAUNCHER…: lays out a program folder that needs no installing and can be updated from a
# stick (docs/updates.md). Links instead of copies: it is packed right away.
set -eu
frozen=$1 stage=$2 version=$3
shift 3
rm -rf "$stage"
mkdir -p "$stage/versions"
cp -al "$frozen" "$stage/versions/$version"
cp "$@" "$stage/"
printf '%s\n' "$version" >"$stage/current"
