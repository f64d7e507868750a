# shellcheck shell=bash
# To be sourced by run.sh: the 3 GB cluster of the point-in-time benchmarks, built once and copied for each measurement, and the load on it.
# SCALE_PERCENT (100) makes it smaller, to try the script itself.
seed=${BENCH_SEED:-$root/.bench-seed}
percent=${SCALE_PERCENT:-100}
state=$work/pitr
load_seconds=${PITR_LOAD_SECONDS:-20}

part() { echo $(($1 * percent / 100 > 0 ? $1 * percent / 100 : 1)); }

# new_project NAME SNAPSHOTS EVENTS SCALE: a project with data; its id, database and address are noted in the seed.
new_project() {
    local answer id address
    answer=$(api POST /v1/projects "{\"name\":\"$1\",\"environment\":\"non_production\"}")
    id=$(jq -r .project.id <<<"$answer")
    wait_for_job "$(jq -r .job.id <<<"$answer")"
    address=$(api GET "/v1/projects/$id/connections" | jq -r .connections.direct_url)
    SNAPSHOTS=$(part "$2") EVENTS=$(part "$3") SCALE=$(part "$4") "$root/bench/data.sh" "$address" >&2
    printf '%s_id=%q %s_url=%q %s_database=%q\n' "$1" "$id" "$1" "$address" "$1" \
        "$(api GET "/v1/projects/$id" | jq -r .project.database_name)" >>"$seed/projects"
}

# Three databases: a large history, a shop that is being used, and a small one (300 MB) that will be recovered.
build_seed() {
    if [[ $(cat "$seed/done" 2>/dev/null) == "$percent" ]]; then return; fi
    say "building the cluster of the point-in-time benchmarks (some minutes, once): $seed"
    rm -rf "$seed"
    mkdir -p "$seed"
    stop_server
    rm -rf "$socket/data"
    start_server
    CAPYD_PITR_ENABLED=false start_capyd "$state"
    create_key "$state"
    new_project history 16 1900000 1
    new_project shop 4 1150000 45
    new_project small 1 250000 4
    stop_capyd
    # Recycled log would be copied each time.
    sql "$admin" -c "alter system set max_wal_size = '128MB'" -c 'select pg_reload_conf()' -c checkpoint -c checkpoint -c 'alter system reset max_wal_size' >/dev/null
    stop_server
    (umask 077 && printf '%s\n' "$KEY" >"$seed/key")
    mv "$socket/data" "$seed/data"
    mv "$state" "$seed/capyd"
    printf '%s\n' "$percent" >"$seed/done"
}

# fresh_cluster [SETTING...]: the seed's cluster and metadata as they were built, running, with these lines in postgresql.conf.
fresh_cluster() {
    stop_capyd
    stop_server
    rm -rf "$socket/data" "$state" "$work/pgbackrest"
    mkdir -p "$socket"
    cp -a "$seed/data" "$socket/data"
    cp -a "$seed/capyd" "$state"
    rm -f "$socket/log"
    printf '%s\n' "port = $port" "unix_socket_directories = '$socket'" "$@" >>"$socket/data/postgresql.conf"
    start_server
    # shellcheck disable=SC1090
    source <(sed -E "s/@127\.0\.0\.1:[0-9]+/@127.0.0.1:$port/g" "$seed/projects")
    settle
}

# pgbench_shop SECONDS [LOG]: transactions a second of the shop, 4 clients; with LOG, the progress of each second goes there.
pgbench_shop() {
    "$bin/pgbench" -n -M prepared -c 4 -j 2 -T "$1" -P 1 --random-seed=1 "$shop_url" 2>"${2:-/dev/null}" | awk '/^tps/ { print $3 }'
}

# What a day does: of one table the newest 5 % change, and a table is new: a report of what happened to each package.
day_like_change() {
    sql "$history_url" -c "update history.events set payload = payload || '{\"seen\": true}' where id > (select max(id) * 0.95 from history.events)" \
        -c 'create table history.report as select package_id, kind, count(*), sum(amount), max(at) from history.events group by package_id, kind'
    settle
}

bytes_of() { du -sb "$@" 2>/dev/null | awk '{ n += $1 } END { print n + 0 }'; }

# capyd_cluster: a fresh cluster, stock settings, with a daemon that follows its log.
capyd_cluster() {
    fresh_cluster
    start_capyd "$state"
    KEY=$(<"$seed/key")
}

# The highest that any of the daemons ever held; they are stopped now and then.
note_peak() { [[ -z ${pid:-} ]] || memory VmHWM >>"$work/peaks"; }

# compare NAME FILE LIMIT [UNIT]: medians of both.
compare() {
    local unit=${4:-1}
    result "$1" "$(median <"$work/$2.peer" | awk -v u="$unit" '{ print $1 / u }')" "$(median <"$work/$2.capyd" | awk -v u="$unit" '{ print $1 / u }')" "$3"
}

# at_least NAME FILE LIMIT: for figures of which more is better.
at_least() {
    awk -v n="$1" -v p="$(median <"$work/$2.peer")" -v c="$(median <"$work/$2.capyd")" -v l="$3" 'BEGIN {
        r = p > 0 ? c / p : 0
        printf "%s | %.1f | %.1f | %.2f | at least %s%s\n", n, p, c, r, l, (r < l ? "  BELOW" : "") }' | tee -a "$work/results.txt"
}

# capyd_first_backup: the one from which everything is new. capyd takes it by itself within half a minute; asking saves the wait.
# Timed by its row, as either may have come first.
capyd_first_backup() {
    local row
    until [[ $(api GET /v1/base-backups | jq '.base_backups | length') -gt 0 ]]; do
        api POST /v1/base-backups >/dev/null 2>&1 || sleep 0.1
    done
    watch_job "$(api GET /v1/base-backups | jq -r '.base_backups[-1].job_id')"
    row=$(api GET /v1/base-backups | jq -c '.base_backups[-1]')
    minus "$(date -d "$(jq -r .completed_at <<<"$row")" +%s.%N)" "$(date -d "$(jq -r .created_at <<<"$row")" +%s.%N)" >>"$work/base-full.capyd"
    capyd_bytes >>"$work/base-full-bytes.capyd"
}
