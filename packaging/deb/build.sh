#!/usr/bin/env bash
# Puts the published binary into artifacts/capyd_VERSION_ARCH.deb.
# CAPYD_DEB_VERSION: another version than the one of Directory.Build.props (tests of upgrades). CAPYD_DEB_COMPRESSION: xz (default) or zstd.
# CAPYD_DEB_DIRECTORY: another directory than artifacts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

binary=${CAPYD_BINARY:-artifacts/capyd}
version=${CAPYD_DEB_VERSION:-$(sed -n 's|.*<VersionPrefix>\(.*\)</VersionPrefix>.*|\1|p' Directory.Build.props)}
machine=$(readelf -h "$binary" | sed -n 's/ *Machine: *//p')
case $machine in
    *X86-64*) arch=amd64 ;;
    AArch64) arch=arm64 ;;
    *) printf '%s is a binary for %s, and there is no package for that\n' "$binary" "$machine" >&2 && exit 1 ;;
esac
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
package=$root/capyd
doc=$package/usr/share/doc/capyd

# Times of the last commit, so that the same sources give the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

put() { install -D -m "$1" "$2" "$package/$3"; } # mode, source, place
make_of() { # place, command...
    local place=$package/$1
    mkdir -p "$(dirname "$place")"
    "${@:2}" >"$place"
    chmod 0644 "$place"
}

put 0755 "$binary" usr/bin/capyd
put 0755 packaging/deb/ensure-role usr/lib/capyd/ensure-role
put 0640 packaging/deb/capyd.yaml etc/capyd/capyd.yaml
put 0644 packaging/systemd/capyd.service lib/systemd/system/capyd.service
put 0644 packaging/systemd/capyd.sysusers usr/lib/sysusers.d/capyd.conf
put 0644 packaging/systemd/capyd.tmpfiles usr/lib/tmpfiles.d/capyd.conf
put 0644 packaging/deb/copyright usr/share/doc/capyd/copyright
put 0644 packaging/deb/lintian-overrides usr/share/lintian/overrides/capyd
put 0644 capyd.example.yaml usr/share/doc/capyd/examples/capyd.example.yaml
for page in docs/*.md docs/operations/*.md docs/api/*.md; do
    put 0644 "$page" "usr/share/doc/capyd/${page#docs/}"
done

# The binary knows its own commands and options; one for another processor cannot be asked, so the host's is.
self=$binary
"$self" version >/dev/null 2>&1 || self=artifacts/capyd
make_of usr/share/man/man1/capyd.1 "$self" manual capyd.1
make_of usr/share/man/man5/capyd.yaml.5 "$self" manual capyd.yaml.5
make_of usr/share/bash-completion/completions/capyd "$self" completion bash
make_of usr/share/zsh/vendor-completions/_capyd "$self" completion zsh
make_of usr/share/fish/vendor_completions.d/capyd.fish "$self" completion fish
cat >"$doc/changelog" <<END
capyd ($version) stable; urgency=medium

  * See CHANGELOG.md in this directory.

 -- capyd maintainers <maintainers@capyd.example>  $(date -R -u -d "@$SOURCE_DATE_EPOCH")
END
put 0644 CHANGELOG.md usr/share/doc/capyd/CHANGELOG.md
gzip -9n "$package"/usr/share/man/man*/* "$doc/changelog"
chmod 0644 "$doc"/changelog.gz

# What the binary is linked with, in the versions that it was linked against; the rest is loaded when it is needed.
mkdir -p "$root/debian" "$package/DEBIAN"
printf 'Source: capyd\n\nPackage: capyd\nArchitecture: %s\n' "$arch" >"$root/debian/control"
linked=$(cd "$root" && dpkg-shlibdeps -O --ignore-missing-info "$package/usr/bin/capyd" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
cat >"$package/DEBIAN/control" <<END
Package: capyd
Version: $version
Architecture: $arch
Maintainer: capyd maintainers <maintainers@capyd.example>
Installed-Size: $(du -k -s --exclude=DEBIAN "$package" | cut -f1)
Depends: ${linked:+$linked, }libsqlite3-0, libssl3 | libssl3t64, ca-certificates, tzdata, postgresql-common | postgresql, postgresql-client, systemd | systemd-standalone-sysusers, zstd
Recommends: postgresql, pgbouncer, bubblewrap
Section: database
Priority: optional
Homepage: http://127.0.0.1:2279/v1/openapi.json
Description: databases with proven backups on one PostgreSQL server
 capyd turns the PostgreSQL server of this machine into a small database
 platform: a REST API and a command line for databases with their own roles,
 backups that are proven by restoring and comparing them, restores with undo,
 recovery to a moment, disposable previews, imports and exports.
 .
 The package makes the OS user and the database role capyd and starts the
 service; it changes nothing else in PostgreSQL.
END
printf '/etc/capyd/capyd.yaml\n' >"$package/DEBIAN/conffiles"
install -m 0755 -t "$package/DEBIAN" packaging/deb/postinst packaging/deb/prerm packaging/deb/postrm
(cd "$package" && find usr lib etc -type f -not -path 'etc/*' -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$package" -type d -exec chmod 0755 {} +

deb=${CAPYD_DEB_DIRECTORY:-artifacts}/capyd_${version}_$arch.deb
mkdir -p "$(dirname "$deb")"
dpkg-deb --root-owner-group "-Z${CAPYD_DEB_COMPRESSION:-xz}" --build "$package" "$deb" >/dev/null
printf '%s: %s bytes\n' "$deb" "$(stat -c %s "$deb")"
