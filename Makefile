.PHONY: demo test publish bench clean tools

tools:
	@scripts/ensure-tools.sh

publish: tools
	@scripts/publish.sh

demo: tools
	@scripts/ensure-tools.sh bwrap=bubblewrap
	@demo/demo.sh

test: publish
	@scripts/ensure-tools.sh sqlite3 bwrap=bubblewrap pgbouncer openssl
	@scripts/test.sh

bench:
	@scripts/ensure-tools.sh hey
	@bench/run.sh

clean:
	rm -rf artifacts .bench
	find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
