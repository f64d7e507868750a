.PHONY: demo test test-system publish deb bench clean tools

tools:
	@scripts/ensure-tools.sh

publish: tools
	@scripts/publish.sh

demo: tools
	@scripts/ensure-tools.sh bwrap=bubblewrap
	@demo/demo.sh

test: tools
	@scripts/ensure-tools.sh sqlite3 bwrap=bubblewrap pgbouncer openssl faketime fincore=util-linux-extra ceph-mon ceph-osd radosgw
	@scripts/test.sh

# The Debian package of the published binary: artifacts/capyd_VERSION_ARCH.deb
deb: publish
	@packaging/deb/build.sh

# Boots a real Debian 12 with systemd, installs the package of an earlier commit and this one over it, and does what operators do
# (root; a Debian mirror; the whole history; 5 minutes).
test-system: deb
	@scripts/ensure-tools.sh mmdebstrap systemd-nspawn=systemd-container lintian unshare=util-linux ceph-mon ceph-osd radosgw ceph=ceph-common openssl
	@deb=$$(packaging/deb/build.sh | cut -d: -f1) && lintian --fail-on error --allow-root "$$deb" && packaging/test/install-test.sh "$$deb"

bench:
	@bench/run.sh

clean:
	rm -rf artifacts .bench
	find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
