# shellcheck shell=bash
# To be sourced by the benchmarks: the throw-away server, the daemon in attached mode, medians and result lines.
source "$root/scripts/api.sh"
source "$root/scripts/pg-binaries.sh"
work=${BENCH_DIR:-$root/.bench}
bin=$(pg_bin_directory)
socket=$work/pg
port=${BENCH_PORT:-55633}
admin="postgresql://postgres@/postgres?host=$socket&port=$port"
capyd=${CAPYD_BINARY:-$root/artifacts/capyd}
runs=${RUNS:-3}

say() { printf '%s\n' "$*" >&2; }
now() { date +%s.%N; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a - b }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
as_postgres() { if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi; }

# CPU time that the hypervisor took away, in ticks: printed beside results, since it spoils them.
stolen() { awk '/^cpu / { print $9 }' /proc/stat; }

# result NAME PEER CAPYD LIMIT: one line of the table; the verdict is the ratio against the limit.
result() {
    awk -v n="$1" -v p="$2" -v c="$3" -v l="$4" 'BEGIN {
        r = p > 0 ? c / p : 0
        printf "%s | %.3f | %.3f | %.2f | %s%s\n", n, p, c, r, l, (l != "-" && r > l ? "  ABOVE" : "") }' | tee -a "$work/results.txt"
}

# fact NAME VALUE [LIMIT]: a figure that has no peer.
fact() { printf '%s | - | %s | - | %s\n' "$1" "$2" "${3:--}" | tee -a "$work/results.txt"; }

# Returns when capyd has compressed and stored the WAL that it has: no run shall bear what the one before left to do.
archived() {
    [[ -n ${pid:-} ]] || return 0
    until (($(find "$spool" -type f -name '????????????????????????' 2>/dev/null | wc -l) <= 1)); do sleep 0.1; done
}

settle() { archived; sql "$admin" -c checkpoint; sync; }

start_server() {
    [[ -n $bin ]] || { say "no PostgreSQL server binaries: run scripts/ensure-tools.sh"; return 1; }
    mkdir -p "$socket"
    ((EUID != 0)) || chown postgres "$socket"
    if [[ ! -e $socket/data/PG_VERSION ]]; then
        as_postgres "$bin/initdb" -D "$socket/data" -U postgres -A trust --locale=C.UTF-8 -E UTF8 --data-checksums >"$work/initdb.log"
        printf '%s\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' 'local replication all trust' |
            as_postgres tee "$socket/data/pg_hba.conf" >/dev/null
        printf '%s\n' "port = $port" "unix_socket_directories = '$socket'" "listen_addresses = '127.0.0.1'" \
            'shared_buffers = 512MB' 'maintenance_work_mem = 256MB' 'max_wal_size = 4GB' 'max_connections = 300' \
            'password_encryption = scram-sha-256' | as_postgres tee -a "$socket/data/postgresql.conf" >/dev/null
    fi
    as_postgres "$bin/pg_ctl" -D "$socket/data" status >/dev/null || as_postgres "$bin/pg_ctl" -D "$socket/data" -l "$socket/log" -w start >/dev/null
    sql "$admin" -c "do \$\$ begin if not exists (select from pg_roles where rolname = 'capyd') then create role capyd superuser login; end if; end \$\$"
}

stop_server() { as_postgres "$bin/pg_ctl" -D "$socket/data" -m fast -w stop >/dev/null 2>&1 || true; }

# start_capyd DIRECTORY: attached mode, no rate limit. Sets pid, BASE, KEY and ready_seconds.
start_capyd() {
    local state=$1 started
    spool=$state/data/wal-spool
    mkdir -p "$state"
    BASE=http://127.0.0.1:$(free_port 22790)
    printf '%s\n' 'mode: attached' "listen: $BASE" "data_dir: $state/data" 'postgres:' "  socket_dir: $socket" "  port: $port" \
        '  admin_role: capyd' 'limits:' '  requests_per_minute: 0' >"$state/capyd.yaml"
    started=$(now)
    "$capyd" serve --config "$state/capyd.yaml" >>"$state/log" 2>&1 &
    pid=$!
    wait_until_ready "$pid" 30 || { tail -n 20 "$state/log" >&2; return 1; }
    ready_seconds=$(minus "$(now)" "$started")
    KEY=
}

create_key() {
    KEY=$("$capyd" keys create --name bench --config "$1/capyd.yaml" | grep -oE 'capy_live_[A-Za-z0-9_-]+' | head -n 1)
}

# first_backup_verified [DIRECTORY]: a new daemon takes its first base backup by itself, and reads it once more.
first_backup_verified() {
    until grep -q 'type=instance.base_backup_verify job completed' "${1:-$state}/log"; do sleep 0.5; done
}

stop_capyd() {
    [[ -n ${pid:-} ]] || return 0
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    pid=
}

memory() { awk -v key="$1:" '$1 == key { printf "%.1f\n", $2 / 1024 }' "/proc/$pid/status"; }
