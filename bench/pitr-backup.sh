# shellcheck shell=bash
# To be sourced by run.sh: base backups by pgBackRest and by capyd: a full one, one after a load, one after a day's change.

# Packs and manifests, without the log, the logical backups and the metadata's copies.
capyd_bytes() {
    local repository=$state/data/repository
    echo $(($(bytes_of "$repository") - $(bytes_of "$repository/wal" "$repository/backups" "$repository/metadata")))
}

# capyd_base_backup NAME
capyd_base_backup() {
    local started before
    settle
    before=$(capyd_bytes)
    started=$(now)
    watch_job "$(api POST /v1/base-backups | jq -r .job.id)"
    minus "$(now)" "$started" >>"$work/$1.capyd"
    minus "$(capyd_bytes)" "$before" >>"$work/$1-bytes.capyd"
}

bench_pitr_backup() {
    local run
    for ((run = 1; run <= runs; run++)); do
        say "base backups, run $run"
        peer_cluster
        peer_base_backup base-full full
        pgbench_shop "$load_seconds" >>"$work/base-load.peer"
        peer_base_backup base-second incr
        day_like_change
        peer_base_backup base-day incr
        capyd_cluster
        capyd_first_backup
        pgbench_shop "$load_seconds" >>"$work/base-load.capyd"
        capyd_base_backup base-second
        day_like_change
        capyd_base_backup base-day
        note_peak
    done
    compare "full base backup s" base-full 1.0
    compare "full base backup stored MiB" base-full-bytes 1.0 1048576
    compare "base backup after $load_seconds s of pgbench s" base-second 0.7
    compare "base backup after $load_seconds s of pgbench added MiB" base-second-bytes - 1048576
    compare "base backup after a day's change s" base-day 0.5
    compare "base backup after a day's change added MiB" base-day-bytes 0.3 1048576
}
