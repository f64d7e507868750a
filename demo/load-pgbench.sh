#!/usr/bin/env bash
# Adds the pgbench tables (SCALE x 100,000 accounts; default 12) to a database.
# Usage: demo/load-pgbench.sh [CONNECTION-URL]
set -euo pipefail
scale=${SCALE:-12}
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/pg-binaries.sh"
pgbench=$(pg_binary pgbench)
if [[ -n ${1:-} ]]; then
    set -- "$1"
fi
"$pgbench" --initialize --quiet --scale "$scale" --foreign-keys "$@" 2>&1 | sed -n "s/^done in/pgbench tables: done in/p" >&2
