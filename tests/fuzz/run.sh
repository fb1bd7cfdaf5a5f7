#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# fuzz/run.sh TARGET [--minutes N] [--seed S] [--program FILE]: runs a fuzz
# target for N minutes (1), from the inputs in corpus/TARGET on; what it finds
# worth keeping goes to build/fuzz/corpus/TARGET and serves the next run.
#
#   --replay FILE  runs one input instead, such as that of a crash
#   --minimise     makes corpus/TARGET anew: the fewest inputs that cover all
#                  that both corpora cover
set -eu
cd "$(dirname "$0")/../.."

targets=$(sed -n 's/^hvrv_fuzz_target(\([a-z_]*\).*/\1/p' tests/fuzz/CMakeLists.txt)
usage() {
    echo "usage: ./run fuzz TARGET [--minutes N] [--seed S] [--replay FILE] [--minimise]" >&2
    echo "targets:" $targets >&2
    exit 2
}

target=${1-}
echo "$targets" | grep -qx "${target:-none}" || usage
shift

minutes=1
seed=0 # libFuzzer draws one, and prints it
replay=
minimise=
program=
while [ $# -gt 0 ]; do
    case $1 in
        --minimise) minimise=yes && shift && continue ;;
        --minutes) minutes=${2-} ;;
        --seed) seed=${2-} ;;
        --replay) replay=${2-} ;;
        --program) program=${2-} ;;
        *) usage ;;
    esac
    [ -n "${2-}" ] || usage
    shift 2
done
case $minutes$seed in
    *[!0-9]*) usage ;;
esac
[ "$minutes" -gt 0 ] || usage

if [ -z "$program" ]; then
    mkdir -p build
    if ! { cmake --preset fuzz &&
        cmake --build --preset fuzz --target "${target}_fuzz"; } > build/fuzz.log 2>&1; then
        cat build/fuzz.log >&2
        exit 1
    fi
    program=build/fuzz/tests/fuzz/${target}_fuzz
fi

if [ -n "$replay" ]; then
    exec "$program" "$replay"
fi

kept=tests/fuzz/corpus/$target
found=build/fuzz/corpus/$target
crashes=build/fuzz/crashes/$target
mkdir -p "$kept" "$found" "$crashes"

if [ -n "$minimise" ]; then
    small=$(mktemp -d)
    trap 'rm -rf "$small"' EXIT
    "$program" -set_cover_merge=1 "$small" "$kept" "$found" 2>&1 | grep '^MERGE-OUTER:' | tail -n 1
    rm -rf "$kept"
    cp -r "$small" "$kept"
    echo "fuzz: $target: $(ls "$kept" | wc -l) inputs in $kept, $(cat "$kept"/* | wc -c) bytes"
    exit
fi

log=$found.log
status=0
echo "fuzz: $target: $minutes min, beginning with $(ls "$kept" "$found" | wc -l) inputs"
"$program" -max_total_time=$((minutes * 60)) -max_len=256 -timeout=10 -seed="$seed" \
    -artifact_prefix="$crashes/" -print_final_stats=1 "$found" "$kept" > "$log" 2>&1 || status=$?
grep '^INFO: Seed' "$log" || :
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
if [ "$status" = 0 ]; then
    echo "fuzz: $target: ${runs:-0} inputs in $minutes min, 0 failures"
    exit
fi
# All that the target printed, without libFuzzer's news of its progress.
grep -v -e '^#[0-9]' -e '^INFO' "$log" || :
crash=$(sed -n 's/.*Test unit written to //p' "$log" | head -n 1)
echo "fuzz: $target: FAILED after ${runs:-?} inputs; the input is ${crash:-unknown}"
[ -z "$crash" ] || echo "fuzz: $target: again, alone: ./run fuzz $target --replay $crash"
exit 1
