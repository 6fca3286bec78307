#!/bin/sh
# make windows: dist/gongji-setup-VERSION.exe, and with it dist/gongji-VERSION-windows-x86_64-portable.zip, the same
# without an installer, and the bill of materials of both.
set -eu
. "$(dirname "$0")/../build.sh"

installers/windows/freeze.sh
WORK=$BUILD/windows
FROZEN=$WORK/dist/gongji
SOURCE=$WORK/source
mkdir -p "$DIST"
SETUP=$DIST/gongji-setup-$VERSION.exe
# NSIS writes the times of files into the installer: they are the commit's.
find "$FROZEN" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
cp "$SOURCE"/installers/windows/*.nsi "$SOURCE/installers/icons/gongji.ico" "$SOURCE/resources/launcher/gongji.cmd" "$WORK"
find "$WORK" -maxdepth 1 -type f -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
SIZE=$(find "$FROZEN" -type f -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) }')
nsis() {
    in_root "$BUILD/roots/trixie" "$WORK" env -i PATH=/usr/bin:/bin LANG=C.UTF-8 SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
        nice makensis -V2 -INPUTCHARSET UTF8 -DVERSION="$VERSION" -DICON=/build/gongji.ico "$@" >"$WORK/nsis.log" 2>&1 ||
        { tail "$WORK/nsis.log" >&2; exit 1; }
}
nsis -DOUT=/build/gongjiw.exe /build/launcher.nsi
touch -d "@$SOURCE_DATE_EPOCH" "$WORK/gongjiw.exe"
nsis -DSIZE="$SIZE" -DSTAGE=/build/dist/gongji -DLAUNCHER=/build/gongjiw.exe -DCOMMAND=/build/gongji.cmd \
    -DOUT=/build/setup.exe /build/installer.nsi
cp "$WORK/setup.exe" "$SETUP"
committed "$SOURCE" installers.bundle file "$SETUP"
ZIP=$DIST/gongji-$VERSION-windows-x86_64-portable.zip
"$SOURCE/installers/portable.sh" "$FROZEN" "$WORK/portable/gongji" "$VERSION" "$WORK/gongjiw.exe" "$WORK/gongji.cmd"
committed "$SOURCE" installers.archive "$WORK/portable/gongji" "$ZIP"
committed "$SOURCE" installers.bundle file "$ZIP"
cp "$FROZEN/_internal/licences/gongji.cdx.json" "$DIST/gongji-$VERSION-windows-x86_64.cdx.json"
(cd "$DIST" && sha256sum "$(basename "$SETUP")" "$(basename "$ZIP")")
