# shellcheck shell=bash
# To be sourced by run.sh: what archiving costs a busy server, and how old the newest commit that would survive its loss is.

# start_sampler SIDE: ten times a second: the time and the end of the log; and, with its own time, what of it is durable elsewhere.
start_sampler() {
    printf 'select extract(epoch from clock_timestamp()), pg_current_wal_flush_lsn() - %s \\watch 0.1\n' "'0/0'" >"$work/sampler.sql"
    psql -X -q -At -P pager=off -F ' ' -f "$work/sampler.sql" "$admin" >"$work/ends" &
    samplers=$!
    : >"$work/durable"
    "durable_$1"
    samplers+=" $!"
}

durable_peer() {
    printf 'select extract(epoch from clock_timestamp()), (%s) \\watch 0.1\n' "$peer_durable" >"$work/durable.sql"
    psql -X -q -At -P pager=off -F ' ' -f "$work/durable.sql" "$admin" >"$work/durable" &
}

# What capyd says that it has on disk. One curl asks for all of it, over one connection.
durable_capyd() {
    curl -sN --rate 10/s -K <(printf 'header = "Authorization: Bearer %s"\n' "$KEY") "$BASE/metrics?[1-100000]" 2>/dev/null \
        > >(while read -r name value; do [[ $name != capyd_wal_durable_bytes ]] || printf '%s %s\n' "$EPOCHREALTIME" "$value"; done >"$work/durable") &
}

# stop_sampler SIDE: median and highest age in seconds, after the first three seconds: now minus the time when the durable end was written.
stop_sampler() {
    # shellcheck disable=SC2086
    kill $samplers 2>/dev/null || true
    # shellcheck disable=SC2086
    wait $samplers 2>/dev/null || true
    awk 'NF != 2 { next }
        FNR == NR { n++; at[n] = $1; end[n] = $2; next }
        {
            while (seen < n && end[seen + 1] <= $2) seen++
            if ($1 > at[1] + 3) print (seen == n || at[seen + 1] > $1) ? 0 : $1 - at[seen ? seen : 1]
        }' "$work/ends" "$work/durable" >"$work/ages"
    [[ -s $work/ages ]] || { say "no samples of the log: $work/ends $work/durable"; return 1; }
    median <"$work/ages" >>"$work/age.$1"
    sort -g "$work/ages" | tail -n 1 >>"$work/age-most.$1"
}

# loaded SIDE: throughput and ages.
loaded() {
    settle
    start_sampler "$1"
    pgbench_shop "$load_seconds" >>"$work/load.$1"
    stop_sampler "$1"
}

bench_pitr_load() {
    local run
    for ((run = 1; run <= runs; run++)); do
        say "archiving under load, run $run"
        peer_cluster
        loaded peer
        capyd_cluster
        capyd_first_backup
        first_backup_verified # pgBackRest takes and verifies none here
        loaded capyd
        note_peak
    done
    at_least "pgbench with archiving, transactions/s" load 1.0
    compare "age of the newest durable commit under load, median s" age -
    compare "age of the newest durable commit under load, highest s" age-most -
    fact "age of the newest durable commit under load, highest s" "$(median <"$work/age-most.capyd")" 1
}
