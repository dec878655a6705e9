#!/bin/sh
# `make fresh`: the two commands of README.md in a bare Debian 12.
#
# Debootstrap makes a root file system with python3, git and make, nothing else; a clone
# of HEAD goes in. It takes over what this host needs to reach its registries: the
# certificate bundle, name resolution and the settings of pip, npm and apt. All mounts
# live in a namespace of their own and vanish with it.
#
# Settings: RAKAT_FRESH_DIR  where to work (default: a new folder in /var/tmp)
#           RAKAT_FRESH_KEEP=1  keep that folder (a second run then only updates it)
#           RAKAT_FRESH_ONLY    run or test: one of the two commands only
set -eu

fail() {
    echo "rakat: $1" >&2
    exit 1
}

# Every folder that a setting of pip names as a local index or wheel store.
local_folders() {
    {
        env | grep -i '^pip_' || true
        cat /etc/pip.conf /etc/xdg/pip/pip.conf "$HOME/.config/pip/pip.conf" \
            "$HOME/.pip/pip.conf" 2>/dev/null || true
    } | grep -oE '(file://)?/[A-Za-z0-9._/-]+' | sed 's|^file://||' | sort -u |
        while read -r folder; do
            case $folder in /etc/* | /root/* | /usr/* | /home/*) continue ;; esac
            if [ -d "$folder" ]; then echo "${folder%/simple}"; fi
        done | sort -u
}

# What of the environment concerns reaching a registry.
settings_of_environment() {
    env | grep -E '^(PIP_|NPM_CONFIG_|npm_config_|NODE_EXTRA_CA_CERTS=|SSL_CERT_|GIT_SSL_|REQUESTS_CA_|CURL_CA_|[a-zA-Z]+_(proxy|PROXY)=|RAKAT_HTTP_PORT=|RAKAT_FRESH_ONLY=)' || true
}

take() { # copies a file or folder of the host to the same place, if it is there
    [ -e "$1" ] || return 0
    mkdir -p "$root$(dirname "$1")"
    cp -aL "$1" "$root$(dirname "$1")/"
}

# As local certificates too: installing ca-certificates writes the bundle anew.
trust_what_the_host_trusts() {
    local_certificates=$root/usr/local/share/ca-certificates/host
    mkdir -p "$local_certificates"
    awk -v folder="$local_certificates" '
        /BEGIN CERTIFICATE/ { file = sprintf("%s/%03d.crt", folder, ++count) }
        file { print > file }
        /END CERTIFICATE/ { close(file); file = "" }' /etc/ssl/certs/ca-certificates.crt
}

make_root() {
    mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[.*\] \)\?\([^ ]*\) .*/\2/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/*.sources \
        /etc/apt/sources.list.d/*.list 2>/dev/null | head -1)
    echo "Making a bare Debian 12 in $root"
    debootstrap --variant=minbase --include=python3,git,make bookworm "$root" \
        "${mirror:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1 ||
        fail "debootstrap failed: $(tail -1 "$work/debootstrap.log")"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    rm -f "$root/etc/apt/sources.list"
    trust_what_the_host_trusts
    for path in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf /etc/xdg/pip \
        "$HOME/.config/pip" "$HOME/.pip" "$HOME/.npmrc" /usr/etc/npmrc /etc/npmrc \
        /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d \
        /etc/apt/auth.conf.d; do
        take "$path"
    done
    # The host's hooks of packages that are not here would stop apt.
    for path in "$root"/etc/apt/apt.conf.d/*; do
        case $(basename "$path") in
        *proxy* | *registry* | 70debconf | 99*) ;;
        *) rm -f "$path" ;;
        esac
    done
    git clone --quiet --no-hardlinks "$here" "$root/root/rakat"
}

inside() { # runs in the mount and pid namespace: mounts, then the commands
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    for folder in $(cat "$work/folders"); do
        mkdir -p "$root$folder"
        mount --bind "$folder" "$root$folder"
    done
    # shellcheck disable=SC2046
    exec chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        $(tr '\n' ' ' <"$work/environment") sh /root/rakat/ops/fresh_inside.sh
}

here=$(cd "$(dirname "$0")/.." && pwd)
if [ "${1:-}" = inside ]; then
    work=$2
    root=$work/root
    inside
fi

[ "$(id -u)" = 0 ] || fail "make fresh needs root (chroot)"
for tool in debootstrap unshare; do
    command -v $tool >/dev/null || fail "$tool is missing; apt-get install $tool"
done
[ -z "$(git -C "$here" status --porcelain)" ] ||
    echo "Note: what is not committed takes no part; the clone is of HEAD."

work=${RAKAT_FRESH_DIR:-$(mktemp -d /var/tmp/rakat-fresh.XXXXXX)}
root=$work/root
mkdir -p "$work"
chmod 755 "$work"
[ -n "${RAKAT_FRESH_KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
if [ -d "$root/root/rakat" ]; then
    git -C "$root/root/rakat" pull --quiet "$here" HEAD
else
    make_root
fi
local_folders >"$work/folders"
settings_of_environment >"$work/environment"
unshare --mount --pid --fork --kill-child sh "$0" inside "$work"
echo "make fresh: both commands passed"
