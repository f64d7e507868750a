#!/usr/bin/env bash
# Runs every test project; the last line is "N passed, N failed". Exit 0 only when all ran and none failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
status=0
for project in tests/*.Tests/*.csproj tests/*SystemTests/*.csproj; do
    [[ -e $project ]] || continue
    name=$(basename "$project" .csproj)
    [[ ! -e $results/$name.trx ]] || continue
    dotnet test "$project" --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" || status=1
done

sum() { # the counter of that name over all result files
    cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'
}

passed=$(sum passed)
failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted)))
((status == 0 || failed > 0)) || printf 'a test project did not build or did not end: see above\n'
((passed > 0)) || status=1
printf '%s passed, %s failed\n' "$passed" "$failed"
((failed == 0)) || status=1
exit "$status"
