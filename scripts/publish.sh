#!/usr/bin/env bash
# Publishes the native binary to artifacts/capyd; any warning is a failure. With --if-older: only when a source is newer.
# With --compiled: of what "dotnet build -c Release" has just made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

current() {
    [[ -x artifacts/capyd ]] || return 1
    [[ -z $(find src Directory.*.props global.json -newer artifacts/capyd -type f \
        -not -path '*/bin/*' -not -path '*/obj/*' -print -quit) ]]
}

if [[ ${1:-} == --if-older ]] && current; then
    exit 0
fi

mkdir -p artifacts
how=()
[[ ${1:-} != --compiled ]] || how=(--no-build)
if ! dotnet publish src/Capyd -c Release -r linux-x64 -o artifacts/publish --nologo "${how[@]}" >artifacts/publish.log 2>&1; then
    tail -n 40 artifacts/publish.log >&2
    exit 1
fi
warnings=$(grep -cE '(: |^)warning [A-Z]+[0-9]*' artifacts/publish.log || true)
if ((warnings > 0)); then
    grep -E 'warning [A-Z]+[0-9]*' artifacts/publish.log | sort -u | head -n 20 >&2
    printf 'artifacts/capyd not replaced: %s warnings, none are allowed (artifacts/publish.log)\n' "$warnings" >&2
    exit 1
fi
binary=artifacts/publish/capyd
[[ -x $binary ]] || binary=artifacts/publish/Capyd
cp "$binary" artifacts/capyd.new # a running daemon keeps its own file
mv artifacts/capyd.new artifacts/capyd
touch artifacts/capyd
printf 'artifacts/capyd: %s bytes, 0 warnings\n' "$(stat -c %s artifacts/capyd)"
