# Read by the build scripts: where things are made, what they are made from, and how to become root. Not run by itself.
# Everything made here is below build/; what is finished is below dist/. Only what is committed is built.
cd "$(dirname "$0")/../.."
TOP=$(pwd -P)
BUILD=$TOP/build
DIST=$TOP/dist
PYTHON=$TOP/.venv/bin/python
GONGJI_COMMIT=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
PYTHONHASHSEED=0
VERSION=$(git show HEAD:desktop/gongji/__init__.py | sed -n 's/^__version__ = "\(.*\)"$/\1/p')
export GONGJI_COMMIT SOURCE_DATE_EPOCH PYTHONHASHSEED
umask 022

say() { printf '%s: %s\n' "$(basename "$(dirname "$0")")" "$*" >&2; }

# need COMMAND PACKAGE: has a command, by its Debian package where root allows; says by name what is missing otherwise.
need() {
    command -v "$1" >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing $2"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
    else
        say "$1 is missing, please have it installed as root: apt-get install $2"
        exit 1
    fi
}

# The system's own folders are made and entered by root alone.
need_root() {
    [ "$(id -u)" = 0 ] && return
    say "this is built in a root folder of another Debian, which only root can make: run it as root"
    exit 1
}

# in_root ROOT FOLDER COMMAND…: runs in a root folder, where FOLDER is /build; what is mounted for it is gone afterwards.
in_root() {
    unshare --mount --pid --fork sh -c '
        root=$1 folder=$2
        shift 2
        mount -t proc proc "$root/proc"
        mount -t devpts devpts "$root/dev/pts"
        mkdir -p "$root/build"
        mount --bind "$folder" "$root/build"
        exec chroot "$root" "$@"' sh "$@"
}

# Inside a bundle nothing is compressed (PYINSTALLER_ZLIB_COMPRESSION_LEVEL=0): packed together it packs smaller.

# The committed tree in a folder, the same whoever checks it out.
lay_source() {
    rm -rf "$1"
    mkdir -p "$1"
    git archive HEAD | tar -x -C "$1"
}

# committed SOURCE MODULE…: runs a module of the build's own as it is committed, from the tree that lay_source laid.
committed() {
    (cd "$1" && shift && exec "$PYTHON" -B -m "$@")
}
