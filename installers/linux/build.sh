#!/bin/sh
# make deb: dist/gongji_VERSION_amd64.deb, and with it dist/gongji-VERSION-linux-x86_64-portable.tar.xz, the same
# without a package, and the bill of materials of both.
set -eu
. "$(dirname "$0")/../build.sh"

installers/linux/freeze.sh
need dpkg-deb dpkg
need xz xz-utils
mkdir -p "$DIST"
FROZEN=$BUILD/linux/dist/gongji
DEB=$DIST/gongji_${VERSION}_amd64.deb
"$PYTHON" -m installers.linux.deb "$FROZEN" "$BUILD/linux/deb" "$VERSION"
nice dpkg-deb --root-owner-group -Zxz -z9 --build "$BUILD/linux/deb" "$DEB" >/dev/null
"$PYTHON" -m installers.bundle file "$DEB"
TAR=$DIST/gongji-$VERSION-linux-x86_64-portable.tar.xz
installers/portable.sh "$FROZEN" "$BUILD/linux/portable/gongji" "$VERSION" resources/launcher/gongji
nice "$PYTHON" -m installers.archive "$BUILD/linux/portable/gongji" "$TAR"
"$PYTHON" -m installers.bundle file "$TAR"
cp "$FROZEN/_internal/licences/gongji.cdx.json" "$DIST/gongji-$VERSION-linux-x86_64.cdx.json"
(cd "$DIST" && sha256sum "$(basename "$DEB")" "$(basename "$TAR")")
