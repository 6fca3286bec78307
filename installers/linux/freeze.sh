#!/bin/sh
# Freezes this commit in the Debian 11 root into build/linux/dist/gongji, and looks whether it is whole, small and old enough.
set -eu
. "$(dirname "$0")/../build.sh"

installers/linux/root.sh
need_root
WORK=$BUILD/linux
ROOT=$BUILD/roots/bullseye
rm -rf "$WORK"
lay_source "$WORK/source"
committed "$WORK/source" installers.wheels linux "$BUILD/wheels/linux" "$WORK/site"
in_root "$ROOT" "$WORK" env -i PATH=/usr/bin:/bin gcc -std=c11 -Wall -Wextra -Werror -O2 -s -fPIE -pie -fstack-protector-strong \
    -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now -o /build/begin /build/source/installers/linux/begin.c
say "freezing $GONGJI_COMMIT"
in_root "$ROOT" "$WORK" env -i PATH=/opt/python/bin:/usr/bin:/bin HOME=/build/home LANG=C.UTF-8 PYTHONPATH=/build/site \
    PYTHONHASHSEED="$PYTHONHASHSEED" SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" GONGJI_COMMIT="$GONGJI_COMMIT" PYTHONDONTWRITEBYTECODE=1 \
    PYINSTALLER_ZLIB_COMPRESSION_LEVEL=0 GONGJI_BEGIN=/build/begin \
    nice /opt/python/bin/python3.11 -m PyInstaller --noconfirm --log-level WARN --distpath /build/dist --workpath /build/work \
    /build/source/installers/pyinstaller/gongji.spec </dev/null >"$WORK/freeze.log" 2>&1 || { tail -n 30 "$WORK/freeze.log" >&2; exit 1; }
# Two kinds of library are named in the log and not missing: Windows's, and those of Qt's plugins for other desktops.
if grep 'Library not found' "$WORK/freeze.log" | grep -vE 'platformthemes|egldeviceintegrations|wayland|xcbglintegrations'; then exit 1; fi
committed "$WORK/source" installers.bundle folder "$WORK/dist/gongji"
in_root "$ROOT" "$WORK" env -i PATH=/opt/python/bin:/usr/bin:/bin LD_LIBRARY_PATH=/build/dist/gongji/_internal \
    python3.11 /build/source/installers/linux/load_all.py /build/dist/gongji/_internal
in_root "$ROOT" "$WORK" env -i PATH=/usr/bin:/bin HOME=/build/home LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen /build/dist/gongji/gongji --selftest
