#!/usr/bin/env bash
# Builds the daemon of an earlier commit, lets it make a project with rows, a schedule and a backup, and keeps what it leaves behind (its
# metadata, their key and the repository, not the cluster) as remains-NNNN.tar.gz, NNNN being its level of the metadata. Wants root.
# Usage: tests/Capyd.SystemTests/Upgrades/make-remains.sh COMMIT
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

work=$(mktemp -d)
chmod 0755 "$work"
trap '[[ -z ${daemon:-} ]] || { kill "$daemon" && wait "$daemon" || true; }; rm -rf "$work"' EXIT
mkdir "$work/sources"
git archive "$1" | tar -x -C "$work/sources"
dotnet build "$work/sources/src/Capyd" -v q --nologo
level=$(find "$work/sources/src/Capyd.Storage/Migrations" -name '*.sql' -printf '%f\n' | sort | tail -n 1 | cut -c1-4)

export DOTNET_ROLL_FORWARD=Major
capyd=$work/sources/src/Capyd/bin/Debug/net9.0/capyd
data=$work/data
url=http://127.0.0.1:22790
"$capyd" serve --embedded --data-dir "$data" --listen "$url" >"$work/log" 2>&1 &
daemon=$!
until curl -fs -o /dev/null "$url/readyz"; do
    kill -0 "$daemon" || { cat "$work/log" >&2 && exit 1; }
    sleep 0.2
done
key=$("$capyd" keys create --name remains --data-dir "$data")
api() { curl -fsS -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "$url/v1/$1" "${@:2}"; }
done_with() { until [[ $(api "jobs/$1" | jq -r .job.state) == completed ]]; do sleep 0.2; done; }

made=$(api projects -d '{"name": "Shop", "environment": "non_production"}')
project=$(jq -r .project.id <<<"$made")
done_with "$(jq -r .job.id <<<"$made")"
psql -XqAt -v ON_ERROR_STOP=1 "$(api "projects/$project/connections" | jq -r .connections.direct_url)" \
    -c "CREATE TABLE sold (n int PRIMARY KEY, what text); INSERT INTO sold SELECT n, 'Stück ' || n FROM generate_series(1, 1000) n"
done_with "$(api "projects/$project/backups" -X POST | jq -r .job.id)"
kill "$daemon"
wait "$daemon" || true
daemon=

printf '%s\n' "$key" >"$data/api-key"
tar -C "$data" --owner=0 --group=0 -czf "tests/Capyd.SystemTests/Upgrades/remains-$level.tar.gz" api-key capyd.db secret.key repository
ls -l "tests/Capyd.SystemTests/Upgrades/remains-$level.tar.gz"
