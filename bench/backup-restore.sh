# shellcheck shell=bash
# To be sourced by run.sh: pg_dump -Fc and pg_restore -j2 against capyd's backups and restores, interleaved.

prepare_project() {
    local answer
    answer=$(api POST /v1/projects '{"name":"bench","environment":"non_production"}')
    project=$(jq -r .project.id <<<"$answer")
    wait_for_job "$(jq -r .job.id <<<"$answer")"
    url=$(api GET "/v1/projects/$project/connections" | jq -r .connections.direct_url)
    database=$(api GET "/v1/projects/$project" | jq -r .project.database_name)
    say "building the data (about a minute)"
    "$root/bench/data.sh" "$url"
    fact "database size MiB" "$(sql "$url" -c 'select pg_database_size(current_database()) / 1048576')"
}

# Waits for the end of a job by its events: polling with curl and jq would take a third of a processor from what is measured.
# The archive and its inventory are published when the job leaves its dump phase for those of the proof.
watch_job() { # id
    local line
    while IFS= read -r line; do
        case $line in *'"phase":"verify'*) [[ -n ${published:-} ]] || published=$(now) ;; esac
        case $line in
            *'"state":"completed"'*) return 0 ;;
            *'"state":"failed"'*) say "$line"; return 1 ;;
        esac
    done < <(printf 'header = "Authorization: Bearer %s"\n' "$KEY" | curl -sSN -K - "$BASE/v1/jobs/$1/events")
    return 1
}

peer_backup() {
    local started
    settle
    started=$(now)
    as_postgres "$bin/pg_dump" -h "$socket" -p "$port" -U postgres -Fc -f "$work/pg/peer.dump" "$database"
    sync -d "$work/pg/peer.dump"
    minus "$(now)" "$started" >>"$work/backup.peer"
}

capyd_backup() {
    local started job
    settle
    published=
    started=$(now)
    job=$(api POST "/v1/projects/$project/backups" | jq -r .job.id)
    watch_job "$job"
    minus "${published:-$(now)}" "$started" >>"$work/backup.capyd"
    minus "$(now)" "$started" >>"$work/backup.proven"
}

peer_restore() {
    local started
    sql "$admin" -c 'drop database if exists peer_copy'
    settle
    started=$(now)
    as_postgres "$bin/createdb" -h "$socket" -p "$port" -U postgres -T template0 peer_copy
    as_postgres "$bin/pg_restore" -h "$socket" -p "$port" -U postgres -j2 -d peer_copy "$work/pg/peer.dump"
    minus "$(now)" "$started" >>"$work/restore.peer"
    archived
    minus "$(now)" "$started" >>"$work/restored.peer"
    sql "$admin" -c 'drop database peer_copy'
}

capyd_restore() { # run number
    local started job preview
    settle
    started=$(now)
    job=$(api POST "/v1/projects/$project/restores" "$(jq -n --arg key "$backup_key" --arg name "run$1" \
        '{backup_key: $key, target_kind: "new_preview", preview_name: $name}')" | jq -r .job.id)
    watch_job "$job"
    minus "$(now)" "$started" >>"$work/restore.capyd"
    archived
    minus "$(now)" "$started" >>"$work/restored.capyd"
    preview=$(api GET "/v1/projects/$project/preview-databases" | jq -r --arg n "run$1" '.preview_databases[] | select(.name == $n) | .id')
    wait_for_job "$(api DELETE "/v1/preview-databases/$preview" | jq -r .job.id)"
}

bench_backup_restore() {
    local n
    rm -f "$work"/backup.* "$work"/restore.* "$work"/restored.*
    prepare_project
    for ((n = 1; n <= runs; n++)); do
        peer_backup
        capyd_backup
    done
    backup_key=$(api GET "/v1/projects/$project/backups" | jq -r '.backups[0].backup_key')
    result "backup s (pg_dump -Fc)" "$(median <"$work/backup.peer")" "$(median <"$work/backup.capyd")" 1.0
    result "backup with proof s" "$(median <"$work/backup.peer")" "$(median <"$work/backup.proven")" -
    result "archive MiB" "$(stat -c %s "$work/pg/peer.dump" | awk '{ print $1 / 1048576 }')" \
        "$(api GET "/v1/projects/$project/backups" | jq '.backups[0].size_bytes / 1048576')" 0.6
    fact "peak RSS MiB after backups" "$(memory VmHWM)" 100
    for ((n = 1; n <= runs; n++)); do
        peer_restore
        capyd_restore "$n"
    done
    result "restore with proof s (pg_restore -j2)" "$(median <"$work/restore.peer")" "$(median <"$work/restore.capyd")" 1.0
    result "the same, and its WAL archived s" "$(median <"$work/restored.peer")" "$(median <"$work/restored.capyd")" -
    fact "peak RSS MiB after restores" "$(memory VmHWM)" 100
}
