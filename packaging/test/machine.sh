# shellcheck shell=bash
# To be sourced: a Debian 12 with systemd and PostgreSQL 15, booted as a container on a throw-away overlay. Wants root.
# Nothing of it is left when the caller ends: the overlay is in memory, and only the base system is kept below $CACHE.

CACHE=${CAPYD_MACHINE_CACHE:-/var/cache/capyd-install-test}
readonly SUITE=bookworm
readonly PACKAGES=systemd,systemd-sysv,dbus,iproute2,procps,postgresql-15,libsqlite3-0,libzstd1,libssl3,curl,jq,ca-certificates,tzdata,pgbouncer,bubblewrap,zstd,bash-completion,man-db

# The base system, made once for each list of packages (needs a Debian mirror).
machine_base() {
    local name
    name=$SUITE-$(printf '%s' "$PACKAGES" | sha256sum | cut -c1-12)
    base=$CACHE/$name
    [[ -e $base/etc/debian_version ]] && return 0
    mkdir -p "$CACHE"
    rm -rf "$base.new"
    mmdebstrap --quiet --variant=minbase --include="$PACKAGES" "$SUITE" "$base.new"
    mv "$base.new" "$base"
}

# machine_boot: sets $leader, the machine's first process.
machine_boot() {
    machine_base
    work=$(mktemp -d)
    mount -t tmpfs -o size=3g tmpfs "$work"
    mkdir "$work"/{upper,inner,root}
    mount -t overlay -o "lowerdir=$base,upperdir=$work/upper,workdir=$work/inner" overlay "$work/root"
    # /run of its own, because nspawn wants a shared directory there; /proc uncovered, as on a real machine (bubblewrap needs that).
    SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 unshare -m --propagation private bash -c "mount -t tmpfs tmpfs /run && exec systemd-nspawn -q \
        --register=no --keep-unit --private-network --machine=capyd-install --boot --console=read-only -D '$work/root'" \
        >"$work/console" 2>&1 &
    nspawn=$!
    until leader=$(pgrep -P "$nspawn" | head -n 1) && [[ -n $leader && $(cat "/proc/$leader/comm" 2>/dev/null) == systemd ]]; do
        kill -0 "$nspawn" || { cat "$work/console" >&2; return 1; }
        sleep 0.1
    done
    until [[ $(inside systemctl is-system-running 2>/dev/null) =~ running|degraded ]]; do sleep 0.1; done
}

# inside COMMAND...: runs it in the machine as root, as a person's shell would.
inside() {
    nsenter -t "$leader" -a env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

# put FILE PLACE
machine_put() { inside sh -c 'cat >"$1"' - "$2" <"$1"; }

machine_off() {
    [[ -n ${work:-} ]] || return 0
    if [[ -n ${leader:-} ]]; then
        inside systemctl poweroff 2>/dev/null || true
    fi
    wait "${nspawn:-}" 2>/dev/null || true
    umount -l "$work/root" "$work" 2>/dev/null || true
    rmdir "$work" 2>/dev/null || true
    work=
}
