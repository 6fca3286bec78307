#!/bin/sh
# twice.sh deb|windows: builds the same commit twice from the root folders that are there, and compares every byte.
set -eu
cd "$(dirname "$0")/.."
make -s "$1"
first=$(mktemp -d)
trap 'rm -rf "$first"' EXIT
case $1 in
    deb) set -- "$1" dist/gongji_*_amd64.deb dist/gongji-*-linux-x86_64-portable.tar.xz ;;
    windows) set -- "$1" dist/gongji-setup-*.exe dist/gongji-*-windows-x86_64-portable.zip ;;
    *) echo "twice.sh deb|windows" >&2; exit 2 ;;
esac
what=$1
shift
cp "$@" "$first"
make -s "$what"
for one in "$@"; do
    cmp "$one" "$first/$(basename "$one")" && echo "the same bytes twice: $one"
done
