#!/usr/bin/env bash
# The story of a lost table, told by a real daemon, a real PostgreSQL and real data.
# KEEP=1 leaves capyd running at the end. Everything lives below .demo/ in this repository.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/api.sh
source scripts/pg-binaries.sh
root=$PWD
home=$root/.demo
data=$home/data
log=$home/capyd.log
capyd=$root/artifacts/capyd
pid=
finished=
KEY=

if [[ -t 1 ]]; then bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' green='' red='' plain=''; fi
step() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }
tell() { printf '    %s\n' "$*"; }
show() { printf '    %s$ %s%s\n' "$dim" "$*" "$plain"; }
good() { printf '    %s✓ %s%s\n' "$green" "$*" "$plain"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }

stop_capyd() {
    [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null || return 0
    kill -TERM "$pid"
    wait "$pid" 2>/dev/null || true
}

on_exit() {
    local status=$?
    trap - EXIT
    if ((status != 0)) || [[ -z $finished ]]; then
        printf '\n%sThe demo stopped early (exit %s).%s\n' "$red" "$status" "$plain" >&2
        [[ ! -s $log ]] || { echo "Last lines of capyd's log:"; tail -n 30 "$log"; } >&2
        stop_capyd
        tell "Left for inspection: .demo/ (the next run starts afresh)" >&2
    elif [[ ${KEEP:-} != 1 ]]; then
        stop_capyd
        rm -rf "$home"
    fi
    exit "$status"
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A run that was killed may have left a daemon behind: only the process that we noted, and only if it is capyd.
clear_earlier_run() {
    local earlier
    if [[ -s $home/pid ]]; then
        earlier=$(<"$home/pid")
        if [[ $(readlink "/proc/$earlier/exe" 2>/dev/null) == "$capyd"* ]]; then
            tell "stopping the capyd of an earlier run (pid $earlier)"
            kill -TERM "$earlier"
            while kill -0 "$earlier" 2>/dev/null; do sleep 0.1; done
        fi
    fi
    rm -rf "$home"
    mkdir -p "$home"
    chmod 755 "$home"
}

last_phase=
progress() { # called at each poll: one rewritten line on a terminal, else one line per phase
    if [[ -t 1 ]]; then
        printf '\r    %-28s %3d %%' "$1" "$2"
    elif [[ $1 != "$last_phase" ]]; then
        printf '    %-28s %3d %%\n' "$1" "$2"
    fi
    last_phase=$1
}

follow() {
    wait_for_job "$1" progress
    [[ ! -t 1 ]] || printf '\r\e[K'
}

start_capyd() {
    local port started
    step "1. One command on an empty directory: a database platform"
    port=$(free_port 2279)
    BASE=http://127.0.0.1:$port
    show "capyd serve --embedded --data-dir .demo/data --listen $BASE"
    started=$(now)
    "$capyd" serve --embedded --data-dir "$data" --listen "$BASE" >"$log" 2>&1 &
    pid=$!
    echo "$pid" >"$home/pid"
    wait_until_ready "$pid" 60
    good "ready after $(since "$started"), with a PostgreSQL cluster of its own"
    KEY=$("$capyd" keys create --name demo --data-dir "$data" | grep -oE 'capy_live_[A-Za-z0-9_-]+' | head -n 1)
    (umask 077 && printf '%s\n' "$KEY" >"$home/key")
}

create_project() {
    local answer
    step "2. A project: a database with its own role and password"
    show "POST /v1/projects {\"name\": \"Package index\"}"
    answer=$(api POST /v1/projects '{"name":"Package index","environment":"non_production"}')
    project=$(jq -r .project.id <<<"$answer")
    follow "$(jq -r .job.id <<<"$answer")"
    url=$(api GET "/v1/projects/$project/connections" | jq -r .connections.direct_url)
    good "$project: $(sed -E 's#(://[^:]+):[^@]+@#\1:****@#' <<<"$url")"
}

load_data() {
    local started
    step "3. Real data: this machine's Debian package index, and a million pgbench accounts"
    started=$(now)
    demo/load-packages.sh "$url"
    SCALE=12 demo/load-pgbench.sh "$url"
    before=$(counts "$url")
    tell "$(sql "$url" -c 'select pg_size_pretty(pg_database_size(current_database()))') loaded in $(since "$started")"
    tell "$before"
}

# The rows as text: an enum value hashes by its object id, which differs between databases.
counts() {
    sql "$1" -c "select format('%s packages, %s dependencies, checksum %s',
        (select count(*) from debian.packages), count(*), sum(hashtextextended(d::text, 0))) from debian.dependencies d"
}

take_backup() {
    local answer started backup
    step "4. A backup counts only once it was restored"
    show "POST /v1/projects/$project/backups"
    started=$(now)
    answer=$(api POST "/v1/projects/$project/backups" '{"label":"before the accident"}')
    follow "$(jq -r .job.id <<<"$answer")"
    backup_time=$(since "$started")
    backup=$(api GET "/v1/projects/$project/backups" | jq -c '.backups[0]')
    backup_key=$(jq -r .backup_key <<<"$backup")
    jq -r '"    \(.backup_key)\n    \(.size_bytes / 1048576 | floor) MiB, verification: \(.verification_state) at \(.verified_at)"' <<<"$backup"
    tell "ratio $(sql "$url" -c "select round(pg_database_size(current_database())::numeric / $(jq -r .size_bytes <<<"$backup"), 1)") : 1 against the database on disk"
    [[ $(jq -r .verification_state <<<"$backup") == verified ]]
    good "dumped, restored into a scratch database and compared row by row in $backup_time"
    show "POST /v1/base-backups"
    answer=$(api POST /v1/base-backups)
    follow "$(jq -r .job.id <<<"$answer")"
    good "and a copy of the whole server: with the log that is streamed from it, every moment from now on can be brought back"
}

show_no_lock_in() {
    local file
    step "5. No lock-in: zstd and pg_restore read it without capyd"
    file=$(find "$data" -type f -path "*${backup_key}*" -not -name '*.json*' | head -n 1)
    if [[ -z $file ]]; then
        echo "no file for $backup_key below $data" >&2
        return 1
    fi
    show "zstd -dc .demo${file#"$home"} | pg_restore -l | head"
    # head ends the pipe early on purpose.
    { zstd -qdc "$file" 2>/dev/null | "$(pg_binary pg_restore)" -l 2>/dev/null || true; } | head -n 9 | sed 's/^/    /' || true
}

have_accident() {
    step "6. Work that no backup holds, and then the accident"
    show "update debian.dependencies set version_constraint = '(>= 1.0)' where …"
    sql "$url" -c "update debian.dependencies set version_constraint = '(>= 1.0)' where id % 50 = 0" \
        -c "delete from debian.dependencies where kind = 'enhances'"
    before=$(counts "$url")
    tell "$before"
    moment=$(sql "$url" -c "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    tell "the time is $moment"
    show "drop table debian.dependencies"
    sql "$url" -c 'drop table debian.dependencies cascade'
    if counts "$url" >/dev/null 2>&1; then
        echo "the table is still there" >&2
        return 1
    fi
    tell "$(sql "$url" -c "select count(*) from pg_views where schemaname = 'debian'") views left: the table took its view along"
}

# The moment before the accident, not the time of the backup: the log was streamed until the last commit.
rescue() {
    local answer started preview after
    step "7. The rescue: the database as it was at that moment, beside the damaged one"
    api GET "/v1/projects/$project/recovery-window" | jq -r '.recovery_window | "    any moment from \(.earliest) to \(.latest)"'
    show "POST /v1/projects/$project/restores {\"restore_time\": \"$moment\", \"target_kind\": \"new_preview\"}"
    started=$(now)
    answer=$(api POST "/v1/projects/$project/restores" \
        "$(jq -n --arg at "$moment" '{restore_time: $at, target_kind: "new_preview", preview_name: "rescue"}')")
    follow "$(jq -r .job.id <<<"$answer")"
    restore_time=$(since "$started")
    preview=$(api GET "/v1/projects/$project/preview-databases" | jq -r '.preview_databases[] | select(.name == "rescue") | .id')
    rescue_url=$(api GET "/v1/preview-databases/$preview/connections" | jq -r .connections.direct_url)
    after=$(counts "$rescue_url")
    tell "before: $before"
    tell "after:  $after"
    if [[ $before != "$after" ]]; then
        echo "the recovered table differs" >&2
        return 1
    fi
    good "the same rows, the work after the backup included, $restore_time after the request"
}

try_repair() {
    local answer started repair_url after
    step "8. A clone of the damaged project, to try the repair on"
    show "POST /v1/projects/$project/preview-databases {\"name\": \"repair\"}"
    started=$(now)
    answer=$(api POST "/v1/projects/$project/preview-databases" '{"name":"repair","ttl_hours":2}')
    follow "$(jq -r .job.id <<<"$answer")"
    good "made in $(since "$started"): $(api GET "/v1/jobs/$(jq -r .job.id <<<"$answer")" | jq -r '.job.result | "\(.method), because \(.reason)"')"
    repair_url=$(api GET "/v1/preview-databases/$(jq -r .preview.id <<<"$answer")/connections" | jq -r .connections.direct_url)
    show "pg_dump --no-owner --no-acl -t debian.dependencies -t debian.package_overview \$rescue_url | psql \$repair_url"
    "$(pg_binary pg_dump)" --no-owner --no-acl -t debian.dependencies -t debian.package_overview "$rescue_url" | sql "$repair_url" >/dev/null
    after=$(counts "$repair_url")
    if [[ $before != "$after" ]]; then
        printf 'the repaired table differs: %s\n' "$after" >&2
        return 1
    fi
    good "the table and its view are back there; the project itself is as it was"
}

move_in() {
    local answer started other slot other_url after
    step "9. Moving in: a dump from elsewhere, loaded where it can harm nothing, then compared and swapped in"
    show "pg_dump -Fc --exclude-table 'pgbench_*' … > debian.dump; curl -T debian.dump \$upload_url"
    "$(pg_binary pg_dump)" -Fc --exclude-table 'pgbench_*' --file "$home/debian.dump" "$rescue_url"
    started=$(now)
    answer=$(api POST /v1/projects '{"name":"Moved in","environment":"non_production"}')
    other=$(jq -r .project.id <<<"$answer")
    wait_for_job "$(jq -r .job.id <<<"$answer")"
    slot=$(api POST "/v1/projects/$other/imports/uploads")
    curl -fsS -o /dev/null -T "$home/debian.dump" "$(jq -r .upload.upload_url <<<"$slot")"
    answer=$(api POST "/v1/projects/$other/imports" "$(jq '{upload_key: .upload.object_key}' <<<"$slot")")
    follow "$(jq -r .job.id <<<"$answer")"
    other_url=$(api GET "/v1/projects/$other/connections" | jq -r .connections.direct_url)
    after=$(counts "$other_url")
    tell "there: $before"
    tell "here:  $after"
    if [[ $before != "$after" ]]; then
        echo "the imported tables differ" >&2
        return 1
    fi
    good "imported through quarantine in $(since "$started"), project and upload included"
}

farewell() {
    step "That was it"
    tell "backup with proof $backup_time, one database recovered to the moment with proof $restore_time, $(grep -E 'VmHWM' "/proc/$pid/status" | awk '{ printf "%.0f MiB", $2 / 1024 }') of memory at most"
    if [[ ${KEEP:-} == 1 ]]; then
        tell "capyd still runs (pid $pid). Try:"
        show "curl -H \"Authorization: Bearer \$(cat .demo/key)\" $BASE/v1/projects | jq"
        tell "Stop it with: kill $pid"
    else
        tell "capyd stops now and .demo/ goes. To look around, keep it running:"
        show "KEEP=1 make demo"
    fi
    finished=1
}

scripts/ensure-tools.sh
scripts/publish.sh --if-older
clear_earlier_run
start_capyd
create_project
load_data
take_backup
show_no_lock_in
have_accident
rescue
try_repair
move_in
farewell
