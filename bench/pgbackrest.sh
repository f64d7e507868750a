# shellcheck shell=bash
# To be sourced by run.sh: pgBackRest beside the same cluster, as its manual sets it up: zstd level 1, two processes, archive_command.
rest_home=$work/pgbackrest
rest_port=55634

rest() { as_postgres pgbackrest --config="$rest_home/pgbackrest.conf" --stanza=main "$@"; }

# A fresh cluster that pgBackRest archives.
peer_cluster() {
    fresh_cluster "archive_mode = on" \
        "archive_command = 'pgbackrest --config=$rest_home/pgbackrest.conf --stanza=main archive-push %p'"
    rest_repository
}

rest_repository() {
    mkdir -p "$rest_home"/{repo,log,lock,spool}
    printf '%s\n' '[global]' "repo1-path=$rest_home/repo" 'repo1-retention-full=9' "log-path=$rest_home/log" "lock-path=$rest_home/lock" \
        "spool-path=$rest_home/spool" 'compress-type=zst' 'compress-level=1' 'process-max=2' 'start-fast=y' 'log-level-console=error' \
        '[main]' "pg1-path=$socket/data" "pg1-port=$port" "pg1-socket-path=$socket" 'pg1-user=postgres' >"$rest_home/pgbackrest.conf"
    ((EUID != 0)) || chown -R postgres "$rest_home"
    rest stanza-create
}

rest_bytes() { bytes_of "$rest_home/repo/backup"; }

# peer_base_backup NAME TYPE: wall time and bytes that it added.
peer_base_backup() {
    local started before
    settle
    before=$(rest_bytes)
    started=$(now)
    rest --type="$2" backup
    minus "$(now)" "$started" >>"$work/$1.peer"
    minus "$(rest_bytes)" "$before" >>"$work/$1-bytes.peer"
}

# peer_recovery NAME TIME: one database to a moment: selective restore, recovery in a server of its own, dump, load into the live one.
peer_recovery() {
    local started copy=$work/pgbackrest/copy
    as_postgres mkdir -m 700 "$copy"
    settle
    started=$(now)
    rest --pg1-path="$copy" --db-include="$small_database" --type=time --target="$2" --target-action=promote restore
    as_postgres "$bin/pg_ctl" -D "$copy" -l "$rest_home/copy.log" -w -t 300 start \
        -o "-p $rest_port -c listen_addresses='' -c archive_mode=off -c shared_buffers=128MB" >/dev/null
    until [[ $(sql "postgresql://postgres@/postgres?host=$socket&port=$rest_port" -c 'select pg_is_in_recovery()') == f ]]; do sleep 0.05; done
    as_postgres "$bin/createdb" -h "$socket" -p "$port" -U postgres -T template0 peer_copy
    as_postgres bash -o pipefail -c '"$0/pg_dump" -h "$1" -p "$2" -U postgres -Fc -Z0 "$4" | "$0/pg_restore" -h "$1" -p "$3" -U postgres -d peer_copy' \
        "$bin" "$socket" "$rest_port" "$port" "$small_database"
    minus "$(now)" "$started" >>"$work/$1.peer"
    as_postgres "$bin/pg_ctl" -D "$copy" -m immediate -w stop >/dev/null
    [[ $(content_of "postgresql://postgres@/peer_copy?host=$socket&port=$port") == "$moment_content" ]] ||
        { say "pgBackRest's copy is not what the database held at $2"; return 1; }
    sql "$admin" -c 'drop database peer_copy'
    rm -rf "$copy"
}

# LSN up to which pgBackRest holds the log, in bytes; 0 before the first segment.
peer_durable="select coalesce((('x' || substr(last_archived_wal, 9, 8))::bit(32)::bigint << 32)
    + (('x' || substr(last_archived_wal, 17, 8))::bit(32)::bigint + 1) * 16777216, 0) from pg_stat_archiver"
