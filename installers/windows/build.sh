#!/bin/sh
# make windows: dist/gongji-VERSION-setup.exe, and with it dist/gongji-VERSION-windows-x64.zip, the same folder without an
# installer, and the bill of materials of both.
set -eu
. "$(dirname "$0")/../build.sh"

installers/windows/freeze.sh
WORK=$BUILD/windows
FROZEN=$WORK/dist/gongji
mkdir -p "$DIST"
SETUP=$DIST/gongji-$VERSION-setup.exe
# NSIS writes the times of files into the installer: they are the commit's.
find "$FROZEN" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
cp installers/windows/installer.nsi "$WORK/installer.nsi"
cp installers/icons/gongji.ico "$WORK/gongji.ico"
SIZE=$(du -sk --apparent-size "$FROZEN" | cut -f1)
in_root "$BUILD/roots/trixie" "$WORK" env -i PATH=/usr/bin:/bin LANG=C.UTF-8 SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" nice makensis -V2 \
    -INPUTCHARSET UTF8 -DVERSION="$VERSION" -DSIZE="$SIZE" -DSTAGE=/build/dist/gongji -DICON=/build/gongji.ico \
    -DOUT=/build/setup.exe /build/installer.nsi >"$WORK/nsis.log" 2>&1 || { tail "$WORK/nsis.log" >&2; exit 1; }
cp "$WORK/setup.exe" "$SETUP"
"$PYTHON" -m installers.bundle file "$SETUP"
ZIP=$DIST/gongji-$VERSION-windows-x64.zip
nice "$PYTHON" -m installers.archive "$FROZEN" "$ZIP"
"$PYTHON" -m installers.bundle file "$ZIP"
cp "$FROZEN/_internal/licences/gongji.cdx.json" "$DIST/gongji-$VERSION-windows-x64.cdx.json"
(cd "$DIST" && sha256sum "$(basename "$SETUP")" "$(basename "$ZIP")")
