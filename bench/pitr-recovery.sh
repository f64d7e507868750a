# shellcheck shell=bash
# To be sourced by run.sh: one 300 MB database brought back to a moment beside the living one, by pgBackRest's selective restore with
# pg_dump | pg_restore, and by one call of capyd; on the idle server, and under a load whose throughput is watched.

content_of() {
    sql "$1" -c 'select count(*), sum(hashtextextended(e::text, 0)) from history.events e' -c 'select count(*), sum(hashtextextended(a::text, 0)) from pgbench_accounts a'
}

# Both archive one cluster, both have a base backup of it; then a load, changes, the moment, and the accident.
prepare_moment() {
    peer_cluster
    start_capyd "$state"
    KEY=$(<"$seed/key")
    capyd_first_backup
    rest --type=full backup
    pgbench_shop "$load_seconds" >/dev/null
    sql "$small_url" -c "update history.events set amount = amount + 1 where id % 10 = 0"
    fact "database to recover MiB" "$(sql "$admin" -c "select pg_database_size('$small_database') / 1048576")"
    moment_content=$(content_of "$small_url")
    sleep 1 # the moment lies between two commits, with room on both sides
    moment=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
    sleep 1
    sql "$small_url" -c 'drop table history.events'
    sql "$admin" -c 'select pg_switch_wal()' >/dev/null
    until sql "$admin" -c "select (select pg_current_wal_flush_lsn() - '0/0') - ($peer_durable) <= 16777216" | grep -q t; do sleep 0.1; done
}

# capyd_recovery NAME: from the request until the preview is proven and usable.
capyd_recovery() {
    local started job preview
    settle
    started=$(now)
    job=$(api POST "/v1/projects/$small_id/restores" "$(jq -n --arg at "$moment" \
        '{restore_time: $at, target_kind: "new_preview", preview_name: "moment"}')" | jq -r .job.id)
    watch_job "$job"
    minus "$(now)" "$started" >>"$work/$1.capyd"
    preview=$(api GET "/v1/projects/$small_id/preview-databases" | jq -r '.preview_databases[] | select(.name == "moment") | .id')
    [[ $(content_of "$(api GET "/v1/preview-databases/$preview/connections" | jq -r .connections.direct_url)") == "$moment_content" ]] ||
        { say "capyd's copy is not what the database held at $moment"; return 1; }
    watch_job "$(api DELETE "/v1/preview-databases/$preview" | jq -r .job.id)"
}

# beside_load SIDE COMMAND...: runs it while the shop is used; notes the shop's transactions a second meanwhile.
beside_load() {
    local side=$1 from to load
    shift
    "$bin/pgbench" -n -M prepared -c 4 -j 2 -T 600 -P 1 --progress-timestamp "$shop_url" >/dev/null 2>"$work/meanwhile" &
    load=$!
    until [[ $(grep -c ^progress "$work/meanwhile") -ge 3 ]]; do sleep 0.1; done
    from=$(now)
    "$@"
    to=$(now)
    kill -TERM "$load" 2>/dev/null || true
    wait "$load" 2>/dev/null || true
    awk -v a="$from" -v b="$to" '/^progress/ && $2 > a + 1 && $2 <= b + 1 { s += $4; n++ } END { print n ? s / n : 0 }' "$work/meanwhile" >>"$work/meanwhile.$side"
}

# archiver COMMAND: what the server does with full segments: each side bears its own archiving, and not the other's.
archiver() {
    sql "$admin" -c "alter system $1" -c 'select pg_reload_conf()' >/dev/null
}

# What the server wrote while capyd was stopped, it has by now: read, compressed and stored, as it would have at any other time.
capyd_caught_up() {
    local written
    written=$(sql "$admin" -c 'select pg_walfile_name(pg_switch_wal())')
    until [[ -n $(find "$state/data" -name "$written.zst*" -print -quit) ]]; do sleep 0.2; done
}

bench_pitr_recovery() {
    local run
    prepare_moment
    for ((run = 1; run <= runs; run++)); do
        say "recovery to $moment, run $run"
        peer_recovery recovery "$(peer_time)"
        capyd_recovery recovery
    done
    note_peak
    for ((run = 1; run <= runs; run++)); do
        say "recovery under load, run $run"
        stop_capyd
        archiver 'reset archive_command'
        beside_load peer peer_recovery recovery-loaded "$(peer_time)"
        archiver "set archive_command = 'true'"
        start_capyd "$state"
        KEY=$(<"$seed/key")
        capyd_caught_up
        beside_load capyd capyd_recovery recovery-loaded
        note_peak
    done
    compare "database recovered to a moment, with proof s" recovery 0.8
    compare "the same under load s" recovery-loaded -
    at_least "pgbench meanwhile, transactions/s" meanwhile 0.7
}

peer_time() { printf '%s\n' "$moment" | sed 's/T/ /; s/Z$/+00/'; }
