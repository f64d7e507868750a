#!/usr/bin/env bash
# Installs the package on a real Debian 12 (systemd as process 1, stock postgresql-15) and does with it what operators do.
# Usage: packaging/test/install-test.sh [NEW.deb [EARLIER.deb]]; without arguments the one is built from artifacts/capyd, the other out
# of an earlier commit.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
source packaging/test/machine.sh

passed=0
failed=0
end() {
    [[ ! -e ${work:-}/s3 ]] || scripts/s3-server.sh stop "$work/s3"
    machine_off
    rm -rf "${built:-}"
}
trap end EXIT
trap 'exit 130' INT TERM

# check WORDS COMMAND...: the command has to succeed.
check() {
    local words=$1 said
    shift
    if said=$("$@" 2>&1); then
        passed=$((passed + 1))
        printf 'ok    %s\n' "$words"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n%s\n' "$words" "$said"
    fi
}

# until_true SECONDS COMMAND...
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || { printf 'not within the time: %s\n' "$*"; return 1; }
        sleep 0.2
    done
}

contains() { grep -qF -- "$2" <<<"$1" || { printf 'no "%s" in:\n%s\n' "$2" "$1"; return 1; }; }
same() { [[ $1 == "$2" ]] || { printf '%s is not %s\n' "$1" "$2"; return 1; }; }
differ() { [[ $1 != "$2" ]] || { printf 'still %s\n' "$1"; return 1; }; }
show() { inside systemctl show -P "$1" capyd; }
journal() { inside journalctl -u capyd -o cat --no-pager -b; }
ready() { inside curl -fs -o /dev/null http://127.0.0.1:2279/readyz; }
sql() { inside psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
as_postgres() { inside runuser -u postgres -- psql -XqAt -d postgres -c "$1"; }
apt() { inside apt-get -qq -o Dpkg::Use-Pty=0 -y "$@" 2>&1; }
url() { inside capyd projects url shop "$@"; }
rows() { sql "$(url)" -c 'SELECT count(*) FROM sold'; }
no_failures() { inside capyd doctor --json | jq -e '[.findings[] | select(.result == "fail")] == []' || inside capyd doctor; }
finding() { inside capyd doctor --json | jq -re --arg check "$1" '.findings[] | select(.check == $check) | .result'; }

installing() {
    local said
    said=$(apt install /root/earlier.deb)
    check "apt install succeeds" same "$?" 0
    check "it says that it made the database role" contains "$said" "made the database role capyd"
    check "the service is active" inside systemctl is-active capyd
    check "PostgreSQL answers through it within seconds" until_true 20 ready
    check "systemd shows its status line" until_true 10 eval 'contains "$(show StatusText)" "answers"'
    check "it runs as its own OS user" same "$(show User)" capyd
    check "the configuration is for root and capyd only" same "$(inside stat -c '%a %U:%G' /etc/capyd/capyd.yaml)" "640 root:capyd"
    check "the state directory is closed" same "$(inside stat -c '%a %U' /var/lib/capyd)" "700 capyd"
    check "doctor finds nothing that fails" no_failures
    check "imports can be confined inside the service" same "$(finding bubblewrap)" pass
    check "the exposure is at most 2.5" inside systemd-analyze security capyd --threshold=25 --no-pager
    check "the manual has every command" contains "$(inside man capyd 2>/dev/null | cat)" "capyd doctor"
    check "the manual has every option" contains "$(inside man capyd.yaml 2>/dev/null | cat)" "max_connections"
    check "bash completes" contains "$(inside bash -c 'source /usr/share/bash-completion/completions/capyd; complete -p capyd')" "_capyd"
}

working() {
    check "a project is made" inside capyd projects create Shop --environment non_production
    check "its database takes rows" sql "$(url)" -c 'CREATE TABLE sold AS SELECT generate_series(1, 1000) AS n'
    check "the pooler lets clients in" same "$(sql "$(url --pooled)" -c 'SELECT count(*) FROM sold')" 1000
    check "a backup is taken and proven" inside capyd backups create shop
    check "a restore into a preview works" inside capyd restore shop --preview look
    inside sh -c "runuser -u postgres -- pg_dump -Fc $(inside psql -XAt "$(url)" -c 'SELECT current_database()') >/root/shop.dump"
    check "another project is made" inside capyd projects create Moved --environment non_production
    check "a dump is imported, confined" inside capyd import moved --file /root/shop.dump
}

# GET and POST as an operator, over the socket.
call() { inside curl -sS --unix-socket /run/capyd/capyd.sock -H 'Content-Type: application/json' "${@:2}" "http://localhost$1"; }

going_back() {
    local project moment job
    check "the server's WAL is followed" until_true 30 eval 'contains "$(call /status | jq -r ".components[] | select(.name == \"WAL archive\") | .status")" operational'
    check "a first base backup is taken" until_true 60 eval 'call /v1/base-backups | jq -e ".base_backups[] | select(.state == \"completed\")"'
    project=$(inside capyd projects list --json | jq -r '.projects[] | select(.slug == "shop") | .id')
    moment=$(inside date -u +%Y-%m-%dT%H:%M:%S.%6NZ)
    sql "$(url)" -c 'INSERT INTO sold SELECT generate_series(1, 10)' >/dev/null
    sql "$(url)" -c 'DROP TABLE sold' >/dev/null
    job=$(call "/v1/projects/$project/restores" -d "{\"restore_time\": \"$moment\", \"preview_name\": \"rescue\"}" | jq -r .job.id)
    check "a moment before the drop is recovered" inside capyd jobs watch "$job"
    check "with what was there, and no more" same "$(sql "$(inside capyd previews url rescue)" -c 'SELECT count(*) FROM sold')" 1000
    sql "$(url)" -c 'CREATE TABLE sold AS SELECT generate_series(1, 1000) AS n' >/dev/null
}

dying() {
    local before restarts pooler
    before=$(show MainPID)
    restarts=$(show NRestarts)
    pooler=$(inside pgrep -u capyd pgbouncer)
    inside kill -9 "$before"
    check "after kill -9 systemd starts it again" until_true 20 eval '[[ $(show NRestarts) -gt '"$restarts"' ]] && ready'
    check "it is another process" differ "$(show MainPID)" "$before"
    check "the pooler went on, and was taken over" same "$(inside pgrep -u capyd pgbouncer)" "$pooler"
    check "nothing is lost" same "$(rows)" 1000
    check "doctor is content afterwards" no_failures
}

# As docs/operations/install.md says it.
elsewhere() {
    inside install -d -o capyd -g capyd -m 0700 /srv/capyd-repository
    inside systemctl stop capyd
    inside cp -a /var/lib/capyd/repository/. /srv/capyd-repository/
    inside sed -i 's|^# repository:|repository:|; s|^#   directory:|  directory:|' /etc/capyd/capyd.yaml
    inside systemctl start capyd
    check "with the repository on another disk it is ready" until_true 20 ready
    check "a backup goes there" eval 'inside capyd backups create shop && inside find /srv/capyd-repository -name "*.dump.zst" | grep -q .'
    check "doctor is content with the place" same "$(finding repository)" pass
    inside install -d -o capyd -g capyd /opt/repository
    inside sed -i 's|  directory:.*|  directory: /opt/repository|' /etc/capyd/capyd.yaml
    inside systemctl restart capyd
    until_true 20 ready
    check "a place that the service may not write is found by the doctor" contains "$(inside capyd doctor)" "ReadWritePaths=/opt/repository"
    inside sed -i 's|  directory:.*|  directory: /srv/capyd-repository|' /etc/capyd/capyd.yaml
    inside systemctl restart capyd
}

restarting() {
    until_true 20 ready
    inside systemctl restart postgresql
    check "after a restart of PostgreSQL it goes on by itself" until_true 20 ready
    check "and a backup works" inside capyd backups create shop
}

# Two requests over one connection, with a reload between them.
reloading() {
    local before
    before=$(show MainPID)
    inside sh -c 'echo "log_level: debug" >>/etc/capyd/capyd.yaml'
    check "a connection survives a reload" inside bash -c '
        exec 3<>/dev/tcp/127.0.0.1/2279
        ask() { printf "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" >&3; read -r -t 5 line <&3; [[ $line == *200* ]]; while read -r -t 1 line <&3 && [[ $line != *\"ok\"* ]]; do :; done; }
        ask && systemctl reload capyd && ask'
    check "the new log level is taken" until_true 10 eval 'contains "$(journal)" "log_level is now debug"'
    check "systemd saw it end" until_true 10 eval '[[ $(show ActiveState) == active && $(show SubState) == running ]]'
    check "the process is the same" same "$(show MainPID)" "$before"
    inside sed -i 's/^log_level: debug/log_level: loud/' /etc/capyd/capyd.yaml
    inside systemctl reload capyd
    check "a wrong file changes nothing and is said" until_true 10 eval 'contains "$(journal)" "log_level: '"'loud'"' will not do"'
    check "it still serves" ready
    inside sed -i '/^log_level:/d' /etc/capyd/capyd.yaml
    inside systemctl reload capyd
}

hanging() {
    local restarts
    inside sh -c 'mkdir -p /run/systemd/system/capyd.service.d; printf "[Service]\nEnvironment=\"CAPYD_FAULT_WEDGE=job worker\"\nWatchdogSec=6\n" >/run/systemd/system/capyd.service.d/wedge.conf; systemctl daemon-reload; systemctl restart capyd'
    restarts=$(show NRestarts)
    check "the watchdog ends a daemon whose job worker stands still" until_true 100 eval '[[ $(show NRestarts) -gt '"$restarts"' ]]'
    check "the log says which loop it was" contains "$(journal)" "the job worker has stood still"
    check "systemd says that it was the watchdog" contains "$(inside journalctl -u capyd -o cat --no-pager -b)" "Watchdog timeout"
    inside sh -c 'rm /run/systemd/system/capyd.service.d/wedge.conf; systemctl daemon-reload; systemctl kill -s KILL capyd; systemctl restart capyd'
    check "without the fault it is well again" until_true 20 ready
    check "and works" inside capyd backups create shop
}

upgrading() {
    local backups key project moment
    inside capyd jobs watch "$(call /v1/base-backups -d '{}' | jq -r .job.id)" 2>/dev/null
    project=$(inside capyd projects list --json | jq -r '.projects[] | select(.slug == "shop") | .id')
    moment=$(inside date -u +%Y-%m-%dT%H:%M:%S.%6NZ)
    sql "$(url)" -c 'INSERT INTO sold VALUES (1001)' >/dev/null
    backups=$(inside capyd backups list shop --json | jq '.backups | length')
    key=$(inside runuser -u capyd -- capyd keys create --name kept)
    inside sh -c 'echo "region: cellar" >>/etc/capyd/capyd.yaml'
    check "apt upgrades it" apt install /root/new.deb
    check "it is ready again" until_true 20 ready
    check "the version is the new one" same "$(inside dpkg-query -W -f '${Version}' capyd)" "$(dpkg-deb -f "$new" Version)"
    check "the operator's configuration is kept" inside grep -q '^region: cellar' /etc/capyd/capyd.yaml
    check "backups are kept" same "$(inside capyd backups list shop --json | jq '.backups | length')" "$backups"
    check "keys are kept" inside curl -fs -o /dev/null -H "Authorization: Bearer $key" http://127.0.0.1:2279/v1/projects
    check "rows are kept" same "$(rows)" 1001
    check "doctor is content with the new one" no_failures
    check "what the earlier one kept is sound" inside capyd repository check --read-data
    check "a backup of the earlier one restores" inside capyd restore shop --preview "earlier-backup"
    check "a moment of the earlier one is recovered" inside capyd restore "$project" --at "$moment" --preview earlier-moment
    check "with what was there then" same "$(sql "$(inside capyd previews url earlier-moment)" -c 'SELECT count(*) FROM sold')" 1000
    sql "$(url)" -c 'DELETE FROM sold WHERE n = 1001' >/dev/null
}

s3() { nsenter -t "$leader" -n scripts/s3-server.sh "$1" "$work/s3" "${@:2}"; }
off_host() { call /status | jq -r '.components[] | select(.name == "Off-host repository") | .status + ": " + .message'; }
everything_shipped() { contains "$(off_host)" "everything that is complete is in the bucket"; }
foreign_files() { inside find /var/lib/capyd /srv/capyd-spool -not -user capyd -not -name .role-made-by-package; }

# As docs/operations/off-host.md says it: what is in the directory goes into an encrypted bucket.
off_the_host() {
    local endpoint before key
    endpoint=$(s3 start) && s3 bucket example-capyd || return
    before=$(inside capyd backups list shop --json | jq -r '.backups[0].backup_key')
    inside sh -c 'capyd repository key new >/etc/capyd/repository.key 2>/dev/null
        printf "aws_access_key_id = capyd-test\naws_secret_access_key = capyd-test-secret\n" >/etc/capyd/s3-credentials
        cd /etc/capyd && chown root:capyd repository.key s3-credentials && chmod 0640 repository.key s3-credentials
        systemctl stop capyd && sed -i "/^repository:/,/^  directory:/d" capyd.yaml
        install -d -o capyd -g capyd -m 0700 /srv/capyd-spool && mv /srv/capyd-repository /srv/capyd-spool/objects'
    inside sh -c 'cat >>/etc/capyd/capyd.yaml' <<END
repository:
  s3:
    endpoint: $endpoint
    bucket: example-capyd
    prefix: main
    credentials_file: /etc/capyd/s3-credentials
    spool_directory: /srv/capyd-spool
    allow_http: true
  encryption:
    key_file: /etc/capyd/repository.key
END
    check "the configuration of a bucket is good" inside capyd check-config
    check "key init, as root, ships what is there" inside timeout 120 capyd repository key init
    inside systemctl start capyd
    check "with an encrypted bucket the confined service is ready" until_true 20 ready
    for check in "repository bucket" "writing to the bucket" "repository key" "repository spool"; do
        check "the doctor, inside the service: $check" same "$(finding "$check")" pass
    done
    check "the doctor finds nothing that fails" no_failures
    check "a backup from before is there, read through the bucket" same "$(inside capyd repository cat "$before" | inside zstd -qdc | head -c 5)" PGDMP
    check "a new backup is proven" inside capyd backups create shop
    check "a base backup goes there" inside capyd jobs watch "$(call /v1/base-backups -d '{}' | jq -r .job.id)"
    check "everything leaves the host" until_true 60 everything_shipped
    check "a drill recovers from the bucket" inside capyd drill --project shop

    kill -9 "$(cat "$work/s3/run/client.admin.pid")"
    check "without the bucket backups go on" inside capyd backups create shop
    check "and what is not off the host is said" until_true 60 eval 'contains "$(off_host)" degraded'
    inside systemctl restart capyd
    check "the service starts without it" until_true 20 ready
    s3 gateway
    check "when it is back everything is shipped" until_true 90 everything_shipped

    key=$(inside sha256sum /etc/capyd/repository.key)
    check "root rotates the data key" inside timeout 60 capyd repository key rotate
    check "flush returns" inside timeout 60 capyd repository flush
    check "what root did belongs to capyd" same "$(foreign_files)" ""
    inside sh -c 'mkdir -p /run/systemd/system/capyd.service.d && chown root:root /etc/capyd/repository.key && chmod 0400 /etc/capyd/repository.key
        printf "[Service]\nLoadCredential=repository.key:/etc/capyd/repository.key\n" >/run/systemd/system/capyd.service.d/key.conf
        sed -i "s|key_file: .*|key_file: /run/credentials/capyd.service/repository.key|" /etc/capyd/capyd.yaml; systemctl daemon-reload; systemctl restart capyd'
    check "systemd may hand the key over, which then only root reads" until_true 20 eval 'ready && [[ $(finding "repository key") == pass ]]'
    inside sh -c 'rm /run/systemd/system/capyd.service.d/key.conf; chown root:capyd /etc/capyd/repository.key; chmod 0640 /etc/capyd/repository.key
        sed -i "s|key_file: .*|key_file: /etc/capyd/repository.key|" /etc/capyd/capyd.yaml; systemctl daemon-reload; systemctl restart capyd'
    until_true 20 ready
    check "the key is the same" same "$(inside sha256sum /etc/capyd/repository.key)" "$key"
}

# The bucket, the credentials and the key are all that a new host has. As docs/operations/off-host.md says it.
losing_the_host() {
    local endpoint
    endpoint=$(inside sed -n 's/^ *endpoint: //p' /etc/capyd/capyd.yaml)
    as_postgres 'SELECT pg_switch_wal()' >/dev/null
    check "the last segment leaves the host" until_true 60 everything_shipped
    local from=(--s3 "$endpoint/example-capyd/main" --s3-credentials /etc/capyd/s3-credentials --key-file /etc/capyd/repository.key)
    check "the bucket says what it has" inside capyd recover "${from[@]}" --list
    check "from bucket and key alone a cluster is rebuilt" inside capyd recover "${from[@]}" --target /var/lib/postgresql/15/rescued --data-dir /var/lib/rescued-capyd
    inside runuser -u postgres -- /usr/lib/postgresql/15/bin/pg_ctl -w -s -D /var/lib/postgresql/15/rescued -o '-p 5499 -c listen_addresses=' -l /dev/null start
    check "with the rows of the tenant" same "$(inside runuser -u postgres -- sh -c 'psql -XqAt -p 5499 -d "$(psql -XqAt -p 5499 -c "SELECT datname FROM pg_database WHERE datname ~ '"'^capy_shop'"' LIMIT 1")" -c "SELECT count(*) FROM sold"')" 1000
    inside runuser -u postgres -- /usr/lib/postgresql/15/bin/pg_ctl -w -s -m fast -D /var/lib/postgresql/15/rescued stop
}

# As docs/operations/moving.md says it, to the same PostgreSQL.
moving() {
    inside systemctl stop capyd
    inside tar -C / -czf /root/move.tar.gz etc/capyd var/lib/capyd
    apt purge capyd >/dev/null
    apt install /root/new.deb >/dev/null
    inside systemctl stop capyd
    inside tar -C / -xpf /root/move.tar.gz
    inside sh -c 'chown -R capyd:capyd /var/lib/capyd && chown root:capyd /etc/capyd/capyd.yaml'
    check "on the new host the role is there" inside /usr/lib/capyd/ensure-role
    inside systemctl start capyd
    check "the moved capyd is ready" until_true 20 ready
    check "its secrets can be read" same "$(rows)" 1000
    check "a backup of before restores" inside capyd restore shop --preview moved
    check "doctor is content" no_failures
}

removing() {
    local said
    said=$(apt remove capyd)
    check "remove says that the data stays" contains "$said" "/var/lib/capyd"
    check "the service is gone" eval '! inside systemctl is-active capyd'
    check "metadata and backups stay" inside test -e /var/lib/capyd/capyd.db -a -d /var/lib/capyd/repository
    check "installing it again finds them" eval 'apt install /root/new.deb && until_true 20 ready && inside capyd projects list | grep -q shop'
    as_postgres "SELECT pg_create_physical_replication_slot('capyd', true)" >/dev/null 2>&1 # where capyd has none
    inside sh -c 'mv /etc/capyd/repository.key /var/lib/capyd/own.key; sed -i "s|key_file: .*|key_file: /var/lib/capyd/own.key|" /etc/capyd/capyd.yaml'
    said=$(apt purge capyd)
    check "purge says what it drops" contains "$said" "dropping the replication slot capyd"
    check "and the database role" contains "$said" "dropping the database role"
    check "the slot is gone" same "$(as_postgres "SELECT count(*) FROM pg_replication_slots")" 0
    check "the database role is gone" same "$(as_postgres "SELECT count(*) FROM pg_roles WHERE rolname = 'capyd'")" 0
    check "purge says where the key of the encrypted repository stays" contains "$said" "/own.key stays: it opens the encrypted repository"
    check "which is still whole" same "$(inside sh -c 'cat /var/lib/capyd-key.*/own.key | wc -c')" 65
    check "and names other files of the operator's" contains "$said" "s3-credentials"
    inside rm /etc/capyd/s3-credentials
    check "data and configuration are gone" eval '! inside test -e /var/lib/capyd && [[ -z $(inside ls -A /etc/capyd) ]]'
    check "the tenant's database is still there" same "$(as_postgres "SELECT count(*) > 0 FROM pg_database WHERE datname LIKE '%shop%'")" t
    check "nothing of it runs" eval '! inside pgrep -u capyd'
}

without_postgres() {
    local said
    inside systemctl stop postgresql
    said=$(apt install /root/new.deb)
    check "without a running PostgreSQL the installation succeeds" same "$?" 0
    check "and says what to do" contains "$said" "ensure-role"
    check "the service waits" inside systemctl is-active capyd
    check "doctor fails and says why" eval '! inside capyd doctor >/dev/null'
    inside systemctl start postgresql
    check "ensure-role mends it" until_true 20 inside /usr/lib/capyd/ensure-role
    check "and it goes on by itself" until_true 20 ready
    inside runuser -u postgres -- psql -qc 'ALTER ROLE capyd NOSUPERUSER' postgres
    check "a role that is no superuser is left alone" eval '! inside /usr/lib/capyd/ensure-role'
}

new=${1:-}
earlier=${2:-}
built=$(mktemp -d)
build() { env CAPYD_DEB_DIRECTORY="$built" CAPYD_DEB_COMPRESSION=zstd "$@" packaging/deb/build.sh | cut -d: -f1; }
new=${new:-$(build)}
earlier=${earlier:-$(packaging/test/earlier.sh)}
[[ -e $new && -e $earlier ]] || exit 1
machine_boot || exit 1
machine_put "$new" /root/new.deb
machine_put "$earlier" /root/earlier.deb
until_true 60 as_postgres 'SELECT 1' || exit 1
for scenario in ${CAPYD_SCENARIOS:-installing working going_back elsewhere restarting dying reloading hanging upgrading off_the_host losing_the_host moving removing without_postgres}; do
    printf -- '--- %s\n' "$scenario"
    "$scenario"
done
((failed == 0)) || { printf -- '--- journal of the service\n'; journal | tail -n 60; }
printf '%s passed, %s failed\n' "$passed" "$failed"
((failed == 0))
