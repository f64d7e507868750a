# shellcheck shell=bash
# To be sourced: a thin client of the /v1 API. Needs BASE (http://host:port) and KEY.

# api METHOD PATH [JSON]: prints the body; an error answer goes to stderr and fails.
api() {
    local answer status args=(-sS -X "$1" -H 'Accept: application/json' -w '\n%{http_code}' --max-time 60)
    [[ -z ${3:-} ]] || args+=(-H 'Content-Type: application/json' --data "$3")
    # The key travels on standard input: arguments can be read by every user of the machine.
    answer=$(printf 'header = "Authorization: Bearer %s"\n' "$KEY" | curl -K - "${args[@]}" "$BASE$2")
    status=${answer##*$'\n'}
    if ((status >= 400)); then
        printf '%s %s: %s %s\n' "$1" "$2" "$status" "${answer%$'\n'*}" >&2
        return 1
    fi
    printf '%s\n' "${answer%$'\n'*}"
}

# wait_for_job ID [CALLBACK]: polls until the job ended; CALLBACK gets phase and percent each time.
wait_for_job() {
    local id=$1 callback=${2:-:} job state phase percent
    while :; do
        job=$(api GET "/v1/jobs/$id")
        IFS=$'\t' read -r state phase percent < <(jq -r '.job | [.state, .phase // "waiting", ((.progress // 0) * 100 | floor)] | @tsv' <<<"$job")
        "$callback" "$phase" "$percent"
        case $state in
            completed) return 0 ;;
            failed)
                jq -r '.job | "job \(.id) (\(.type)) failed: \(.error // "no reason given")\n\(.last_stderr // "")"' <<<"$job" >&2
                return 1
                ;;
        esac
        sleep "${POLL_SECONDS:-0.2}"
    done
}

# wait_until_ready PID SECONDS: until /readyz answers 200; fails at once when the process ends.
wait_until_ready() {
    local deadline=$((SECONDS + $2))
    until curl -fs -o /dev/null --max-time 2 "$BASE/readyz"; do
        if ! kill -0 "$1" 2>/dev/null; then
            echo "capyd ended before it was ready" >&2
            return 1
        fi
        if ((SECONDS >= deadline)); then
            echo "capyd was not ready after $2 s" >&2
            return 1
        fi
        sleep 0.02
    done
}

# A port of 127.0.0.1 that nobody listens on, from $1 up.
free_port() {
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((port + 1))
    done
    printf '%s\n' "$port"
}
