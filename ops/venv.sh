#!/bin/sh
# Makes the virtualenv $1 with the newest suitable Python 3.11+.
# Debian's bare python3 has no ensurepip: root installs python3-venv, others get told.
set -eu
venv=$1

fail() {
    echo "rakat: $1" >&2
    exit 1
}

suitable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=
for candidate in "${PYTHON3:-python3}" python3.11 python3.12 python3.13; do
    if suitable "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed (Debian: apt-get install python3)"

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        fail "python3-venv is missing; as root: apt-get install python3-venv"
    echo "Installing python3-venv"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } \
        >/dev/null || fail "python3-venv cannot be installed; run: apt-get install python3-venv"
fi

echo "Making the virtualenv $venv"
"$python" -m venv "$venv" || fail "the virtualenv $venv cannot be made"
