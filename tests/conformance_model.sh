#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# conformance_model.sh [--seed S] [--count N] [--case N]: the walker against the
# manual's algorithm on random tables, 100 million cases of them or N, on all
# cores. A case follows from the seed and its number, whatever the count:
# --case N replays that one alone.
set -eu
cd "$(dirname "$0")/.."

seed=20261123
count=100000000
only=
while [ $# -gt 0 ]; do
    case $1,${2-} in
        --*,'' | --*,*[!0-9]*) echo "conformance: model: $1 wants a number" >&2 && exit 2 ;;
        --seed,*) seed=$2 ;;
        --count,*) count=$2 ;;
        --case,*) only=$2 ;;
        *) echo "usage: $0 [--seed S] [--count N] [--case N]" >&2 && exit 2 ;;
    esac
    shift 2
done
[ "$count" -gt 0 ] || { echo "conformance: model: --count wants at least 1" >&2 && exit 2; }

mkdir -p build
if ! { cmake --preset conformance &&
    cmake --build --preset conformance --target mmu_walk_random_test; } > build/conformance.log 2>&1; then
    cat build/conformance.log >&2
    exit 1
fi
program=build/conformance/tests/unit/mmu_walk_random_test

# run FIRST COUNT: becomes the test of these cases, which says how many agree.
run() {
    exec env HVRV_WALK_SEED="$seed" HVRV_WALK_FIRST="$1" HVRV_WALK_CASES="$2" "$program" 2>&1
}

if [ -n "$only" ]; then
    run "$only" 1
fi

logs=$(mktemp -d)
pids=
# shellcheck disable=SC2086
trap 'kill $pids 2> /dev/null || :; rm -rf "$logs"' EXIT
trap 'exit 1' INT TERM

jobs=$(nproc 2> /dev/null || echo 2)
# A set of tables serves 64 cases: whole sets for each core.
share=$(((count / jobs / 64 + 1) * 64))
first=0
while [ "$first" -lt "$count" ]; do
    part=$((count - first < share ? count - first : share))
    run "$first" "$part" > "$logs/$first" &
    pids="$pids $!"
    echo "$! $first $part" >> "$logs/parts"
    first=$((first + share))
done

# Each must have ended well, and must say that it ran all of its part.
agreed=0
mismatches=0
status=0
while read -r pid first part; do
    code=0
    wait "$pid" || code=$?
    if [ "$code" = 0 ] && grep -qx "$part cases agree" "$logs/$first"; then
        agreed=$((agreed + part))
        continue
    fi
    status=1
    cat "$logs/$first"
    case=$(sed -n 's/.*mismatch: seed [0-9]*, case \([0-9]*\).*/\1/p' "$logs/$first" | head -n 1)
    if [ -n "$case" ]; then
        mismatches=$((mismatches + 1))
        echo "conformance: model: seed $seed, case $case; again, alone:" \
            "tests/conformance_model.sh --seed $seed --case $case"
    else
        echo "conformance: model: cases $first to $((first + part - 1)) of seed $seed ended" \
            "with status $code and without a result"
    fi
done < "$logs/parts"
pids=
[ "$status" = 0 ] || count="$agreed of $count"
echo "conformance: model: $count walks, $mismatches mismatches"
exit $status
