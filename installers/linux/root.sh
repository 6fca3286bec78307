#!/bin/sh
# Makes build/roots/bullseye: Debian 11 (glibc 2.31) with CPython 3.11 compiled in it, so that what is frozen there starts
# on every Debian-family system since. Debian 12's source package is used, with the corrections Debian has made to it.
# Does nothing when it is there already. Takes some ten minutes.
set -eu
. "$(dirname "$0")/../build.sh"

ROOT=$BUILD/roots/bullseye
STAMP=$ROOT/.ready
wanted=$(sha256sum installers/linux/root.sh | cut -d' ' -f1)
[ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ] && exit 0
need_root
need debootstrap debootstrap

# What CPython is compiled with, and what Qt's plugins link to, so that their libraries are found and go into the bundle.
PACKAGES="build-essential binutils ca-certificates pkg-config libssl-dev zlib1g-dev libffi-dev libbz2-dev liblzma-dev libsqlite3-dev
 libexpat1-dev uuid-dev libglib2.0-0 libfreetype6 libfontconfig1 libdbus-1-3 libcups2 libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0
 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-randr0 libxcb-xkb1"
if [ ! -x "$ROOT/usr/bin/gcc" ]; then
    say "making a Debian 11 in $ROOT"
    rm -rf "$ROOT"
    mkdir -p "$(dirname "$ROOT")"
    # shellcheck disable=SC2086  # a list of packages, with commas between them
    nice debootstrap --variant=minbase --include="$(echo $PACKAGES | tr ' ' ',')" bullseye "$ROOT" >"$BUILD/debootstrap.log" 2>&1 ||
        { tail "$BUILD/debootstrap.log" >&2; exit 1; }
fi
cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
cat >"$ROOT/root/python.sh" <<'END'
set -eu
cd /etc/apt/sources.list.d
sed 's#/debian bullseye main#/debian-security bullseye-security main#' ../sources.list >security.list
sed 's/^deb /deb-src /; s/bullseye/bookworm/' ../sources.list >python.list
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get -qq -y upgrade >/dev/null
rm -rf /usr/src/python /opt/python
mkdir -p /usr/src/python
cd /usr/src/python
apt-get source -qq --download-only python3.11 2>/dev/null
tar -xf python3.11_*.orig.tar.*
tar -xf python3.11_*.debian.tar.*
cd Python-3.11.*
# Up to shutdown-deadlock.diff the patches fit Python to Debian's own folders; from there on they mend it.
for one in $(sed -n '/^shutdown-deadlock/,$p' ../debian/patches/series); do
    patch --quiet --forward -p1 <"../debian/patches/$one"
done
sed -i '1i #define Py_BUILD_CORE_MODULE 1' Modules/pyexpat.c  # one of those patches counts on a Debian build's own flags
export SOURCE_DATE_EPOCH=1700000000
./configure -q --prefix=/opt/python --enable-shared --without-ensurepip --disable-test-modules --with-system-expat \
    LDFLAGS=-Wl,-rpath,/opt/python/lib,-s CFLAGS=-fno-semantic-interposition
make -s -j"$(nproc)"
make -s install
/opt/python/bin/python3.11 -c 'import bz2, ctypes, lzma, pyexpat, sqlite3, ssl, uuid, zlib'
rm -rf /usr/src/python
END
say "compiling CPython 3.11 in it"
in_root "$ROOT" "$BUILD" nice sh /root/python.sh >"$BUILD/python.log" 2>&1 || { tail "$BUILD/python.log" >&2; exit 1; }
printf '%s\n' "$wanted" >"$STAMP"
say "the root is ready"
