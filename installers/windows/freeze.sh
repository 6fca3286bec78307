#!/bin/sh
# Freezes this commit for Windows, by PyInstaller under wine, into build/windows/dist/gongji.
set -eu
. "$(dirname "$0")/../build.sh"

installers/windows/root.sh
need_root
WORK=$BUILD/windows
ROOT=$BUILD/roots/trixie
rm -rf "$WORK"
mkdir -p "$WORK"
lay_source "$WORK/source"
installers/windows/python.sh
committed "$WORK/source" installers.wheels windows "$BUILD/wheels/windows" "$WORK/python/Lib/site-packages"
say "freezing $GONGJI_COMMIT"
# CPython cannot begin under wine with its output in a file: it is piped.
in_root "$ROOT" "$WORK" env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=;mshtml=' \
    PYTHONHASHSEED="$PYTHONHASHSEED" SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" GONGJI_COMMIT="$GONGJI_COMMIT" PYTHONUTF8=1 PYINSTALLER_ZLIB_COMPRESSION_LEVEL=0 \
    sh -c 'wineboot --init >/dev/null 2>&1; nice -n 5 wine /build/python/python.exe -m PyInstaller --noconfirm --log-level WARN \
        --distpath Z:/build/dist --workpath Z:/build/work Z:/build/source/installers/pyinstaller/gongji.spec </dev/null 2>&1 | cat
        wineserver --wait' >"$WORK/freeze.log"
[ -x "$WORK/dist/gongji/gongji.exe" ] || { tail -n 30 "$WORK/freeze.log" >&2; exit 1; }
if grep 'Library not found' "$WORK/freeze.log" | grep -v 'api-ms-win-'; then exit 1; fi
committed "$WORK/source" installers.bundle folder "$WORK/dist/gongji"
