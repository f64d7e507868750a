#!/usr/bin/env bash
# Builds the package of an earlier capyd out of this repository's history, once, and prints where it is: what an upgrade starts from.
# Usage: packaging/test/earlier.sh [COMMIT]; without one it is the first commit that had a package.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

commit=${1:-3cb5b17}
if ! full=$(git rev-parse --verify --quiet "$commit^{commit}"); then
    printf 'the commit %s is not in this clone: git fetch --unshallow, or name a package: install-test.sh NEW.deb EARLIER.deb\n' "$commit" >&2
    exit 1
fi
cache=${CAPYD_MACHINE_CACHE:-/var/cache/capyd-install-test}/earlier-${full:0:12}
version=0.0.1~earlier
deb=$cache/capyd_${version}_amd64.deb
if [[ ! -e $deb ]]; then
    sources=$(mktemp -d)
    trap 'rm -rf "$sources"' EXIT
    git archive "$full" | tar -x -C "$sources"
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$full")
    export SOURCE_DATE_EPOCH
    mkdir -p "$cache"
    (cd "$sources" && scripts/publish.sh && CAPYD_DEB_VERSION=$version CAPYD_DEB_DIRECTORY=$cache packaging/deb/build.sh) >&2
fi
printf '%s\n' "$deb"
