#!/usr/bin/env bash
# Builds the benchmark database: about 1.5 GB (pg_database_size) that compresses like an application's data.
# Deterministic for one package index: every "random" value is a hash of its row number.
# Usage: bench/data.sh CONNECTION-URL      sizes: SNAPSHOTS (12), EVENTS (1800000), SCALE (30)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
url=${1:?usage: bench/data.sh CONNECTION-URL}

run() { psql -X -q -v ON_ERROR_STOP=1 --single-transaction "$@" "$url"; }

"$here/../demo/load-packages.sh" "$url"
run -v snapshots="${SNAPSHOTS:-12}" -f "$here/data/history.sql"
run -v events="${EVENTS:-1800000}" -f "$here/data/events.sql"
SCALE=${SCALE:-30} "$here/../demo/load-pgbench.sh" "$url"
PGOPTIONS='-c client_min_messages=error' psql -X -q -v ON_ERROR_STOP=1 "$url" -c 'vacuum analyze'
psql -X -At "$url" -c "select 'built ' || current_database() || ': ' || pg_size_pretty(pg_database_size(current_database()))"
