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
SOURCE=$BUILD/linux/source
DEB=$DIST/gongji_${VERSION}_amd64.deb
committed "$SOURCE" installers.linux.deb "$FROZEN" "$BUILD/linux/deb" "$VERSION"
nice dpkg-deb --root-owner-group -Zxz -z9 --build "$BUILD/linux/deb" "$DEB" >/dev/null
committed "$SOURCE" installers.bundle file "$DEB"
TAR=$DIST/gongji-$VERSION-linux-x86_64-portable.tar.xz
"$SOURCE/installers/portable.sh" "$FROZEN" "$BUILD/linux/portable/gongji" "$VERSION" "$SOURCE/resources/launcher/gongji"
committed "$SOURCE" installers.archive "$BUILD/linux/portable/gongji" "$TAR"
committed "$SOURCE" installers.bundle file "$TAR"
cp "$FROZEN/_internal/licences/gongji.cdx.json" "$DIST/gongji-$VERSION-linux-x86_64.cdx.json"
(cd "$DIST" && sha256sum "$(basename "$DEB")" "$(basename "$TAR")")
