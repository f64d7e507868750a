# shellcheck shell=bash
# To be sourced by run.sh: what archiving costs a busy server, and how old the newest commit that would survive its loss is.
capyd_durable="select coalesce((select restart_lsn - '0/0' from pg_replication_slots where slot_name = 'capyd'), 0)"

# start_sampler DURABLE-QUERY: ten times a second: the time, the end of the log, and what of it is durable elsewhere.
start_sampler() {
    printf "select extract(epoch from clock_timestamp()), pg_current_wal_flush_lsn() - '0/0', (%s) \\\\watch 0.1\n" "$1" >"$work/sampler.sql"
    psql -X -q -At -P pager=off -F ' ' -f "$work/sampler.sql" "$admin" >"$work/samples" &
    sampler=$!
}

# stop_sampler FILE: median and highest age in seconds, after the first three seconds: now minus the time when the durable end was written.
stop_sampler() {
    kill "$sampler" 2>/dev/null || true
    wait "$sampler" 2>/dev/null || true
    awk 'NF == 3 { n++; at[n] = $1; end[n] = $2; durable[n] = $3 }
        END {
            for (i = 1; i <= n; i++) {
                while (seen < i && end[seen + 1] <= durable[i]) seen++
                age = (seen == i) ? 0 : at[i] - at[seen ? seen : 1]
                if (at[i] > at[1] + 3) print age
            }
        }' "$work/samples" >"$work/ages"
    [[ -s $work/ages ]] || { say "no samples of the log: $work/samples"; return 1; }
    median <"$work/ages" >>"$work/age.$1"
    sort -g "$work/ages" | tail -n 1 >>"$work/age-most.$1"
}

# loaded SIDE DURABLE-QUERY: throughput and ages.
loaded() {
    settle
    start_sampler "$2"
    pgbench_shop "$load_seconds" >>"$work/load.$1"
    stop_sampler "$1"
}

bench_pitr_load() {
    local run
    for ((run = 1; run <= runs; run++)); do
        say "archiving under load, run $run"
        peer_cluster
        loaded peer "$peer_durable"
        capyd_cluster
        capyd_first_backup
        loaded capyd "$capyd_durable"
        note_peak
    done
    at_least "pgbench with archiving, transactions/s" load 1.0
    compare "age of the newest durable commit under load, median s" age -
    compare "age of the newest durable commit under load, highest s" age-most -
    fact "age of the newest durable commit under load, highest s" "$(median <"$work/age-most.capyd")" 1
}
