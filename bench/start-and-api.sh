# shellcheck shell=bash
# To be sourced by run.sh: start time, idle memory, binary size, and reads under a constant load.

# A new daemon takes its first base backup and verifies it. What that and the start needed is given back within half a minute of its end.
bench_idle() {
    fact "RSS MiB right after the start" "$(memory VmRSS)"
    first_backup_verified "$work/start"
    sleep 40
    fact "idle RSS MiB, 40 s after the first base backup was verified" "$(memory VmRSS)" 45
    sleep 60
    fact "idle RSS MiB, a minute later" "$(memory VmRSS)" 45
}

bench_start() {
    local n
    : >"$work/start.capyd"
    for ((n = 1; n <= ${STARTS:-15}; n++)); do
        start_capyd "$work/start"
        echo "$ready_seconds" >>"$work/start.capyd"
        ((n < ${STARTS:-15})) || bench_idle
        stop_capyd
    done
    fact "start to /readyz s" "$(median <"$work/start.capyd")" 0.150
    fact "binary MiB" "$(stat -c %s "$capyd" | awk '{ printf "%.1f", $1 / 1048576 }')" 35
}

# Creates through the API, fifty at a time, until 1,000 are stored and ready.
store_projects() {
    local wanted=${PROJECTS:-1000} n job jobs=()
    say "creating $wanted projects"
    for ((n = 1; n <= wanted; n++)); do
        jobs+=("$(api POST /v1/projects "{\"name\":\"load $n\",\"environment\":\"non_production\"}" | jq -r .job.id)")
        if ((n % 50 == 0 || n == wanted)); then
            for job in "${jobs[@]}"; do wait_for_job "$job"; done
            jobs=()
        fi
    done
}

# load NAME PATH: 10 connections of 100 requests a second each.
load() {
    local before report header
    before=$(memory VmRSS)
    report=$work/hey.txt
    header="Authorization: Bearer $KEY"
    hey -c 10 -q 100 -z "${LOAD_SECONDS:-20}s" -H "$header" "$BASE$2" >"$report"
    fact "$1 requests/s" "$(awk '/Requests\/sec/ { print $2 }' "$report")"
    fact "$1 p50 ms" "$(awk '/50%+ in/ { print $3 * 1000 }' "$report")"
    fact "$1 p99 ms" "$(awk '/99%+ in/ { print $3 * 1000 }' "$report")" 10
    fact "$1 errors" "$(awk '/^ *\[[0-9]+\]/ && $1 != "[200]" { n += ($1 ~ /^\[[1-5][0-9][0-9]\]$/) ? $2 : substr($1, 2) } END { print n + 0 }' "$report")" 0
    fact "$1 RSS MiB before/after" "$before / $(memory VmRSS)"
}

bench_api() {
    local one
    start_capyd "$work/api"
    create_key "$work/api"
    store_projects
    first_backup_verified "$work/api"
    settle
    one=$(api GET /v1/projects | jq -r '.projects[0].id')
    load "GET one project" "/v1/projects/$one"
    load "GET ${PROJECTS:-1000} projects" /v1/projects
    stop_capyd
}
