#!/usr/bin/env bash
# Makes sure that everything to build, test, demonstrate and measure capyd is there.
# As root on a machine with apt, missing packages are installed (aloud); else the command is printed. No service is started.
# Usage: scripts/ensure-tools.sh [extra-command[=package] ...]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/pg-binaries.sh"

missing=()
reasons=()

need() { # package, why
    missing+=("$1")
    reasons+=("  $1: $2")
}

has_library() { ldconfig -p 2>/dev/null | grep -F "$1" >/dev/null; } # not -q: ldconfig would die of the closed pipe

check_dotnet() {
    local version
    version=$(dotnet --version 2>/dev/null || true)
    if ((${version%%.*} + 0 < 10)); then
        printf 'The .NET SDK 10 is missing (found: %s). Debian does not package it: see https://dot.net/download, then run this again.\n' \
            "${version:-none}" >&2
        exit 1
    fi
}

check_packages() {
    local tool
    command -v clang >/dev/null || command -v gcc >/dev/null || need gcc "links the native binary"
    [[ -e /usr/include/zlib.h ]] || need zlib1g-dev "the native binary contains zlib"
    [[ -n $(pg_bin_directory) ]] || need postgresql "the server that capyd manages, pg_dump and pg_restore"
    command -v psql >/dev/null || need postgresql-client "loads the sample data"
    has_library libsqlite3.so.0 || need libsqlite3-0 "holds capyd's metadata"
    has_library libzstd.so.1 || need libzstd1 "compresses backups"
    for tool in zstd curl jq awk "$@"; do
        [[ ${tool%%=*} != awk ]] || tool=awk=mawk
        command -v "${tool%%=*}" >/dev/null || need "${tool#*=}" "the command ${tool%%=*}"
    done
}

# Debian would start a cluster `main` beside the new server: nobody asked for that one.
install_missing() {
    printf 'Installing with apt:\n' >&2
    printf '%s\n' "${reasons[@]}" >&2
    if [[ " ${missing[*]} " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        mkdir -p /etc/postgresql-common
        printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
    fi
    apt-get update -qq >&2
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

check_dotnet
check_packages "$@"
((${#missing[@]} == 0)) && exit 0
if ((EUID == 0)) && command -v apt-get >/dev/null; then
    install_missing
else
    printf 'Missing:\n' >&2
    printf '%s\n' "${reasons[@]}" >&2
    printf 'Run: sudo apt-get install %s\n' "${missing[*]}" >&2
    exit 1
fi
