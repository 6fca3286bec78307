#!/bin/sh
# Makes build/roots/trixie: Debian 13 with wine 10, which runs the Windows Python, Qt's window and the installer, and with
# NSIS, which writes the installer. Debian 12's wine 8 lacks what Qt 6 asks for. Does nothing when it is there already.
set -eu
. "$(dirname "$0")/../build.sh"

ROOT=$BUILD/roots/trixie
STAMP=$ROOT/.ready
wanted=$(cat installers/windows/root.sh installers/windows/complex_parts.py | sha256sum | cut -d' ' -f1)
[ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ] && exit 0
need_root
need debootstrap debootstrap

if [ ! -x "$ROOT/usr/bin/apt-get" ]; then
    say "making a Debian 13 in $ROOT"
    rm -rf "$ROOT"
    mkdir -p "$(dirname "$ROOT")"
    nice debootstrap --variant=minbase --include=ca-certificates trixie "$ROOT" >"$BUILD/debootstrap.log" 2>&1 ||
        { tail "$BUILD/debootstrap.log" >&2; exit 1; }
fi
cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
cp installers/windows/complex_parts.py "$ROOT/root/"
cat >"$ROOT/root/wine.sh" <<'END'
set -eu
dpkg --add-architecture i386
apt-get update -qq
# wine32 is for the installer, a program of 32 bits as installers are.
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    wine wine64 wine32:i386 nsis osslsigncode python3-pefile fonts-noto-cjk >/dev/null 2>&1
python3 /root/complex_parts.py "$(find /usr/lib -path '*x86_64-windows/ucrtbase.dll')"
makensis -VERSION >/dev/null
wine --version | grep -q 'wine-1[0-9]'
END
say "installing wine and NSIS in it"
in_root "$ROOT" "$BUILD" nice sh /root/wine.sh >"$BUILD/wine.log" 2>&1 || { tail "$BUILD/wine.log" >&2; exit 1; }
printf '%s\n' "$wanted" >"$STAMP"
say "the root is ready"
