#!/bin/sh
# twice.sh deb|windows: builds the same commit twice, the second time in another folder, and compares every byte. Both rest
# on the root folders and wheels that are there.
set -eu
cd "$(dirname "$0")/.."
case $1 in
    deb) system=linux made='gongji_*_amd64.deb gongji-*-linux-x86_64-portable.tar.xz' ;;
    windows) system=windows made='gongji-setup-*.exe gongji-*-windows-x86_64-portable.zip' ;;
    *) echo "twice.sh deb|windows" >&2; exit 2 ;;
esac
make -s "$1"
here=$(pwd -P)
other=$(mktemp -d)
trap 'rm -rf "$other"' EXIT
git clone -q --no-checkout . "$other/gongji"
git -C "$other/gongji" checkout -q --detach "$(git rev-parse HEAD)"
mkdir "$other/gongji/build"
ln -s "$here/build/roots" "$here/build/wheels" "$other/gongji/build/"
ln -s "$here/.venv" "$other/gongji/.venv"
"$other/gongji/installers/$system/build.sh"
cd dist
for one in $made; do  # a list of patterns is meant to be split and matched
    cmp "$one" "$other/gongji/dist/$one" && echo "the same bytes twice: $one"
done
