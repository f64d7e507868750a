# shellcheck shell=bash
# To be sourced: finds the PostgreSQL programs of the newest installed major version.
# CAPYD_PG_BIN overrides the directory.

pg_bin_directory() {
    if [[ -n ${CAPYD_PG_BIN:-} ]]; then
        printf '%s\n' "$CAPYD_PG_BIN"
        return
    fi
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
    [[ -x $newest ]] && dirname "$newest"
}

# Prints the path of one PostgreSQL program, or fails with a message.
pg_binary() {
    local directory
    directory=$(pg_bin_directory) || true
    if [[ -n $directory && -x $directory/$1 ]]; then
        printf '%s\n' "$directory/$1"
    elif command -v "$1" >/dev/null; then
        command -v "$1"
    else
        printf '%s is not installed: run scripts/ensure-tools.sh\n' "$1" >&2
        return 1
    fi
}
