#!/usr/bin/env bash
# Loads this machine's Debian package index into the schema `debian` of a database.
# Usage: demo/load-packages.sh [CONNECTION-URL]      (without it: the usual PG* variables)
set -euo pipefail
data=$(cd "$(dirname "${BASH_SOURCE[0]}")/data" && pwd)
target=${1:-}

say() { printf '%s\n' "$*" >&2; }

# Prints the index; falls back to a small made-up one where there is no apt.
index() {
    if ! command -v apt-cache >/dev/null; then
        say "No apt on this machine: loading a small synthetic package index instead."
        awk -v packages=4000 -f "$data/synthetic.awk"
        return
    fi
    apt-cache dumpavail
}

# apt's lists are often empty in containers.
refresh_lists() {
    command -v apt-cache >/dev/null || return 0
    local known
    known=$(apt-cache dumpavail | head -c 2000000 | grep -c '^Package:' || true)
    ((known < 1000)) || return 0
    if ((EUID != 0)); then
        say "apt knows only $known packages. For the full index run: sudo apt-get update"
        return 0
    fi
    say "apt knows only $known packages: running apt-get update"
    apt-get update -qq >&2 || say "apt-get update failed: loading what apt already knows."
}

refresh_lists
psql_args=(-X -q -v ON_ERROR_STOP=1 --single-transaction)
for file in 10-schema 20-index 30-packages 40-dependencies 50-derived; do
    psql_args+=(-f "$data/$file.sql")
done
[[ -z $target ]] || psql_args+=("$target")
index | awk -f "$data/index.awk" | LC_ALL=C.UTF-8 PGCLIENTENCODING=UTF8 PGOPTIONS="-c client_min_messages=warning ${PGOPTIONS:-}" psql "${psql_args[@]}"
