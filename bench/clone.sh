# shellcheck shell=bash
# To be sourced by run.sh: clones of a living and of an idle database against pg_dump | pg_restore and createdb --strategy=file_copy.

# A client that updates one row 50 times a second, as an application does; prints its longest wait in ms when it is stopped.
start_writer() {
    rm -f "$work"/writer.log.*
    printf '%s\n' '\set id random(1, 100000)' 'update pgbench_accounts set abalance = abalance + 1 where aid = :id;' >"$work/writer.sql"
    (cd "$work" && exec "$bin/pgbench" -n -M prepared -c 1 -R 50 -T 3600 -l --log-prefix=writer.log -f "$work/writer.sql" "$url" >"$work/writer.out" 2>&1) &
    writer=$!
    until sql "$admin" -c "select count(*) from pg_stat_activity where application_name = 'pgbench'" | grep -q '[1-9]'; do :; done
}

# pgbench's log: the third column is the time of the transaction in µs; time behind its schedule is the sixth and is part of it.
stop_writer() { # name of the file for its longest wait
    kill -INT "$writer"
    wait "$writer" 2>/dev/null || true
    cat "$work"/writer.log.* | awk '$3 > most { most = $3 } END { printf "%.1f\n", most / 1000 }' >>"$work/$1"
}

drop_preview() { watch_job "$(api DELETE "/v1/preview-databases/$1" | jq -r .job.id)"; }

peer_clone_live() {
    local started
    sql "$admin" -c 'drop database if exists peer_clone'
    settle
    start_writer
    started=$(now)
    as_postgres "$bin/createdb" -h "$socket" -p "$port" -U postgres -T template0 peer_clone
    as_postgres bash -o pipefail -c '"$0/pg_dump" -h "$1" -p "$2" -U postgres -Fc -Z0 "$3" | "$0/pg_restore" -h "$1" -p "$2" -U postgres -d peer_clone' \
        "$bin" "$socket" "$port" "$database"
    minus "$(now)" "$started" >>"$work/clone-live.peer"
    stop_writer clone-wait.peer
    sql "$admin" -c 'drop database peer_clone'
}

# capyd_clone NAME METHOD: from the request until the preview is ready.
capyd_clone() {
    local started answer job
    started=$(now)
    answer=$(api POST "/v1/projects/$project/preview-databases")
    job=$(jq -r .job.id <<<"$answer")
    watch_job "$job"
    minus "$(now)" "$started" >>"$work/$1.capyd"
    cloned=$(jq -r .preview.id <<<"$answer")
    if [[ $(api GET "/v1/jobs/$job" | jq -r .job.result.method) != "$2" ]]; then
        say "the clone was to be made by $2: $(api GET "/v1/jobs/$job" | jq -c .job.result)"
        return 1
    fi
}

capyd_clone_live() {
    settle
    start_writer
    capyd_clone clone-live dump
    stop_writer clone-wait.capyd
    drop_preview "$cloned"
}

peer_clone_idle() {
    local started
    settle
    started=$(now)
    as_postgres "$bin/createdb" -h "$socket" -p "$port" -U postgres -T "$database" --strategy=file_copy peer_clone
    minus "$(now)" "$started" >>"$work/clone-idle.peer"
    sql "$admin" -c 'drop database peer_clone'
}

capyd_clone_idle() {
    settle
    capyd_clone clone-idle template
    drop_preview "$cloned"
}

bench_clone() {
    local run
    [[ -n ${project:-} ]] || prepare_project
    for ((run = 0; run < runs; run++)); do
        peer_clone_live
        capyd_clone_live
        peer_clone_idle
        capyd_clone_idle
    done
    result "clone under 50 writes/s s" "$(median <"$work/clone-live.peer")" "$(median <"$work/clone-live.capyd")" 0.85
    result "longest wait of a writer meanwhile ms" "$(sort -n "$work/clone-wait.peer" | tail -n 1)" "$(sort -n "$work/clone-wait.capyd" | tail -n 1)" -
    fact "longest wait of a writer beside capyd ms" "$(sort -n "$work/clone-wait.capyd" | tail -n 1)" 200
    result "clone of an idle database s" "$(median <"$work/clone-idle.peer")" "$(median <"$work/clone-idle.capyd")" 1.2
}
