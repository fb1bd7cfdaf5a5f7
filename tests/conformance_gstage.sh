#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# conformance_gstage.sh [--seed S] [--count N] [--case W]: the G-stage tables
# against a flat map, 2^20 random operations or N, with two seeds; and a quarter
# as many under the model TLB. What is done in a world follows from the seed and
# the world's number, so --case W begins with that world.
set -eu
cd "$(dirname "$0")/.."

seed=20261123
count=1048576
first=0
while [ $# -gt 0 ]; do
    case $1,${2-} in
        --*,'' | --*,*[!0-9]*) echo "conformance: gstage: $1 wants a number" >&2 && exit 2 ;;
        --seed,*) seed=$2 ;;
        --count,*) count=$2 ;;
        --case,*) first=$2 ;;
        *) echo "usage: $0 [--seed S] [--count N] [--case W]" >&2 && exit 2 ;;
    esac
    shift 2
done
[ "$count" -gt 0 ] || { echo "conformance: gstage: --count wants at least 1" >&2 && exit 2; }

mkdir -p build
if ! { cmake --preset conformance &&
    cmake --build --preset conformance --target mmu_gstage_random_test mmu_gstage_tlb_test; } \
    > build/conformance.log 2>&1; then
    cat build/conformance.log >&2
    exit 1
fi

logs=$(mktemp -d)
pids=
# shellcheck disable=SC2086
trap 'kill $pids 2> /dev/null || :; rm -rf "$logs"' EXIT
trap 'exit 1' INT TERM

# begin NAME SEED OPERATIONS: starts a part of the work; its log is NAME_SEED.
begin() {
    HVRV_GSTAGE_SEED=$2 HVRV_GSTAGE_FIRST=$first HVRV_GSTAGE_OPS=$3 HVRV_GSTAGE_TLB_OPS=$3 \
        "build/conformance/tests/unit/mmu_gstage_$1_test" > "$logs/$1_$2" 2>&1 &
    pids="$pids $!"
    echo "$! $1 $2 $3" >> "$logs/parts"
}

begin random "$seed" "$count"
begin tlb "$seed" $((count / 4 + 1))
begin random $((seed + 1)) "$count"

# Each must have ended well, and must say that it did all of its part.
status=0
agreed=0
while read -r pid name part_seed operations; do
    code=0
    wait "$pid" || code=$?
    if [ "$code" = 0 ] && grep -qx "$operations operations agree" "$logs/${name}_$part_seed"; then
        agreed=$((agreed + operations))
        continue
    fi
    status=1
    cat "$logs/${name}_$part_seed"
    echo "conformance: gstage: $name, seed $part_seed ended with status $code"
done < "$logs/parts"
pids=
[ "$status" = 0 ] || agreed="only $agreed"
echo "conformance: gstage: $agreed operations agree with the flat map"
exit $status
