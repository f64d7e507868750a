#!/usr/bin/env bash
# Measures capyd against the tools that an operator would use by hand, on one server, one data set, in one go.
# Prints: name | peer median | capyd median | ratio | limit.  Parts: bench/run.sh [backup] [start] [api] [clone] [pitr]; default all;
# pitr is pitr-backup, pitr-load and pitr-recovery, which can be asked for one by one.
# BENCH_DIR (.bench), RUNS (3), PROJECTS (1000), LOAD_SECONDS (20) and the sizes of bench/data.sh can be set.
set -Eeuo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
parts=${*:-backup start api clone pitr}
[[ " $parts " != *" pitr "* ]] || parts+=" pitr-backup pitr-load pitr-recovery"
tools=()
[[ " $parts " != *" api "* ]] || tools+=(hey)
[[ $parts != *pitr-* ]] || tools+=(pgbackrest)
"$root/scripts/ensure-tools.sh" "${tools[@]}"
source "$root/bench/lib.sh"
source "$root/bench/backup-restore.sh"
source "$root/bench/start-and-api.sh"
source "$root/bench/clone.sh"
for file in "$root"/bench/pitr-*.sh "$root/bench/pgbackrest.sh"; do source "$file"; done
pid=

finish() {
    local status=$?
    trap - EXIT
    ((status == 0)) || { say "bench stopped (exit $status); capyd's last lines:"; tail -q -n 15 "$work"/*/log >&2 2>/dev/null || true; }
    stop_capyd
    stop_server
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

[[ -n ${CAPYD_BINARY:-} ]] || "$root/scripts/publish.sh" --if-older
rm -rf "$work"
mkdir -p "$work"
chmod 755 "$work"
start_server
say "load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, PostgreSQL $(sql "$admin" -c 'show server_version')"
stolen_before=$(stolen)
printf 'name | peer median | capyd median | ratio | limit\n' | tee "$work/results.txt"
if [[ " $parts " == *" backup "* ]]; then
    start_capyd "$work/backup"
    create_key "$work/backup"
    bench_backup_restore
    stop_capyd
fi
if [[ " $parts " == *" start "* ]]; then bench_start; fi
if [[ " $parts " == *" api "* ]]; then bench_api; fi
if [[ " $parts " == *" clone "* ]]; then
    project=
    start_capyd "$work/clone"
    create_key "$work/clone"
    bench_clone
    stop_capyd
fi
if [[ $parts == *pitr-* ]]; then
    build_seed
    for part in backup load recovery; do
        [[ " $parts " != *" pitr-$part "* ]] || "bench_pitr_$part"
    done
    fact "the daemon's memory in all of this, highest MiB" "$(sort -g "$work/peaks" | tail -n 1)" 150
fi
fact "processor time stolen by the host s" "$(awk -v t="$(($(stolen) - stolen_before))" 'BEGIN { print t / 100 }')"
say "results: $work/results.txt"
