#!/usr/bin/env bash
# Builds everything and runs every test project; the last lines name what failed or never ended, then "N passed, N failed".
# Exit 0 only when all passed. Beside the native compiler, which seldom keeps two processors busy, the tests are built and those run
# that need no daemon.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
results=artifacts/test-results
framework=$(sed -n 's:.*<CapydTargetFramework>\(.*\)</.*:\1:p' Directory.Build.props)
rm -rf "$results"
mkdir -p "$results"
status=0
# The compiler and the tests live for minutes: code is compiled for the processor twice at most, not three times, and written in place.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

# Nearly every test makes a server of a thousand files and removes it again. Where there is memory enough they live in memory.
in_memory() {
    local free
    free=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
    [[ -z ${TMPDIR:-} && $EUID == 0 && $free -ge 12 ]] || return 0
    scratch=$(mktemp -d /tmp/ct.XXXX)
    if mount -t tmpfs -o mode=1777,size=$((free - 4))g capyd-tests "$scratch" 2>/dev/null; then
        export TMPDIR=$scratch
        printf 'the servers of the tests live in memory, below %s\n' "$scratch"
    else
        rmdir "$scratch"
        scratch=
    fi
}

# One compiler process for all projects: each of its own would have to be compiled for the processor itself first.
build() {
    DOTNET_GCgen0size=0x8000000 dotnet build "$1" --configuration Release --nologo --verbosity quiet -p:UseSharedCompilation=true
}

end_compiler() {
    dotnet build-server shutdown --vbcscompiler >/dev/null
}

run() { # a test project that is built
    local name
    name=$(basename "$1" .csproj)
    dotnet test "tests/$name/bin/Release/$framework/$name.dll" --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
        --blame-hang-timeout 8m --blame-hang-dump-type none
}

leaves() { # one after the other, behind whatever else wants a processor
    local project ok=0
    renice -n 5 "$BASHPID" >/dev/null
    for project in tests/*.Tests/*.csproj; do
        run "$project" || ok=1
    done
    return "$ok"
}

sum() { # the counter of that name over all result files
    cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'
}

failures() { # each with the beginning of what it says
    cat "$results"/*.trx 2>/dev/null | awk '
        /<UnitTestResult / { failed = /outcome="Failed"/; lines = 0 }
        failed && /<UnitTestResult / { name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name); print "failed: " name }
        failed && /<Message>/ { lines = 15; sub(/.*<Message>/, "") }
        lines > 0 { last = /<\/Message>/; sub(/<\/Message>.*/, ""); print "    " $0; lines = last ? 0 : lines - 1 }'
    find "$results" -name 'Sequence*.xml' -exec grep -ho '<Test [^>]*Completed="False"' {} + | sed 's/.* DisplayName="\([^"]*\)".*/never ended: \1/' | sort -u
}

leave() {
    end_compiler
    [[ -z ${scratch:-} ]] || { umount --lazy "$scratch"; rmdir "$scratch"; }
}

trap leave EXIT
build src/Capyd || exit 1
scripts/publish.sh --compiled &
publish=$!
build capyd.sln || { wait; exit 1; }
end_compiler
in_memory
leaves >"$results/leaves.log" 2>&1 &
leaves=$!
if wait "$publish"; then
    run tests/Capyd.SystemTests/Capyd.SystemTests.csproj || status=1
else
    status=1
fi
wait "$leaves" || status=1
cat "$results/leaves.log"

wanted=$(find tests -mindepth 2 -maxdepth 2 -name '*Tests.csproj' | wc -l)
found=$(find "$results" -name '*.trx' | wc -l)
passed=$(sum passed)
failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted)))
((found == wanted)) || { printf '%s of %s test projects have results: see above\n' "$found" "$wanted"; status=1; }
((status == 0 || failed > 0)) || printf 'a test project did not build or did not end: see above\n'
((passed > 0)) || status=1
failures
printf '%s passed, %s failed\n' "$passed" "$failed"
((failed == 0)) || status=1
exit "$status"
