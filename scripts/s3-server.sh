#!/usr/bin/env bash
# A throw-away S3 server on 127.0.0.1 for tests: Ceph's gateway before one monitor and one store in memory.
# Usage: scripts/s3-server.sh start|gateway|stop DIRECTORY
#        scripts/s3-server.sh bucket DIRECTORY NAME
#   start    makes and starts it; prints the endpoint. Access key "capyd-test", secret key "capyd-test-secret", no bucket.
#            With S3_SERVER_OWNER=PID it ends with that process.
#   bucket   makes a bucket.
#   gateway  starts the gateway again after it was killed, at the same port and with the objects that it had.
#   stop     ends it and removes the directory.
# The gateway's process id is in DIRECTORY/run/client.admin.pid.
set -euo pipefail
usage="usage: scripts/s3-server.sh start|gateway|stop DIRECTORY, or bucket DIRECTORY NAME"
root=$(dirname "${BASH_SOURCE[0]}")

fail() {
    printf 's3-server: %s\n' "$1" >&2
    exit 1
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    printf '%s\n' "$port"
}

# ms mon client mode: the gateway's own default is "secure", which never connects without authentication.
write_configuration() {
    local monitor
    monitor=$(free_port)
    cat >"$directory/ceph.conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$monitor]
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = true
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd client watch timeout = 2
mon allow pool size one = true
mon max pg per osd = 1000
log file = $directory/log/\$name.log
run dir = $directory/run
admin socket = $directory/run/\$name.asok
pid file = $directory/run/\$name.pid
[mon.a]
mon data = $directory/mon
mon data avail crit = 1
mon data avail warn = 1
[osd.0]
osd data = $directory/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd class load list = *
[client.admin]
rgw frontends = beast endpoint=127.0.0.1:$(free_port)
rgw thread pool size = 32
rgw dns name = localhost
CONF
}

start_store() {
    local fsid id monitor
    fsid=$(sed -n 's/^fsid = //p' "$directory/ceph.conf")
    monitor=$(sed -n 's/^mon host = //p' "$directory/ceph.conf")
    id=$(cat /proc/sys/kernel/random/uuid)
    monmaptool --create --addv a "$monitor" --fsid "$fsid" "$directory/monmap"
    ceph-mon -c "$directory/ceph.conf" --mkfs -i a --monmap "$directory/monmap"
    ceph-mon -c "$directory/ceph.conf" -i a
    timeout 60 ceph -c "$directory/ceph.conf" osd new "$id" 0
    timeout 60 ceph -c "$directory/ceph.conf" osd crush add osd.0 1.0 root=default host=localhost
    ceph-osd -c "$directory/ceph.conf" -i 0 --mkfs --osd-uuid "$id"
    ceph-osd -c "$directory/ceph.conf" -i 0
}

endpoint() { sed -n 's/^rgw frontends = beast endpoint=/http:\/\//p' "$directory/ceph.conf"; }

start_gateway() {
    radosgw -c "$directory/ceph.conf" -n client.admin
    for ((i = 0; i < 600; i++)); do
        ! curl -s -o /dev/null "$(endpoint)/" || return 0
        sleep 0.1
    done
    fail "the gateway does not answer: see $directory/log/client.admin.log"
}

add_user() {
    timeout 60 radosgw-admin -c "$directory/ceph.conf" -n client.admin user create --uid=capyd-test --display-name=capyd-test \
        --access-key=capyd-test --secret-key=capyd-test-secret
}

stop() {
    local file pid
    for file in "$directory"/run/*.pid; do
        [[ -s $file ]] || continue
        pid=$(cat "$file")
        # Only if it is still the one that was started here.
        grep -qzF -- "$directory/ceph.conf" "/proc/$pid/cmdline" 2>/dev/null || continue
        kill -9 "$pid" 2>/dev/null || true
        while [[ -e /proc/$pid ]]; do sleep 0.05; done
    done
    rm -rf "$directory"
}

# Signed the old way, which a few lines can do.
make_bucket() {
    local now signature
    now=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')
    signature=$(printf 'PUT\n\n\n%s\n/%s' "$now" "$1" | openssl dgst -sha1 -hmac capyd-test-secret -binary | base64)
    curl -sS --fail-with-body -X PUT -H "Date: $now" -H "Authorization: AWS capyd-test:$signature" "$(endpoint)/$1" >&2
}

# A test run that is killed leaves no server behind.
follow_owner() {
    [[ -n ${S3_SERVER_OWNER:-} ]] || return 0
    (
        while [[ -e /proc/$S3_SERVER_OWNER && -e $directory ]]; do sleep 1; done
        stop
    ) </dev/null >/dev/null 2>&1 &
}

(($# >= 2)) || fail "$usage"
directory=$(realpath -m "$2")
case $1 in
start)
    [[ ! -e $directory/ceph.conf ]] || fail "$directory is in use"
    "$root/ensure-tools.sh" ceph-mon ceph-osd radosgw ceph=ceph-common openssl >&2
    mkdir -p "$directory"/{mon,osd,log,run}
    write_configuration
    { start_store && start_gateway && add_user; } >"$directory/log/start.log" 2>&1 ||
        fail "it did not start: $(tail -n 5 "$directory/log/start.log")"
    follow_owner
    endpoint
    ;;
bucket) make_bucket "${3:?$usage}" ;;
gateway) start_gateway >>"$directory/log/start.log" 2>&1 ;;
stop) stop ;;
*) fail "$usage" ;;
esac
