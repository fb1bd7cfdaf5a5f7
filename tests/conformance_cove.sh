#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# conformance_cove.sh [--seed S] [--count N]: random calls of a TSM's host and of its TVMs, each
# foretold by a ghost, 2^22 or N of them with each of two seeds, S and S + 1.
set -eu
cd "$(dirname "$0")/.."

seed=20261123
count=4194304
while [ $# -gt 0 ]; do
    case $1,${2-} in
        --*,'' | --*,*[!0-9]*) echo "conformance: cove: $1 wants a number" >&2 && exit 2 ;;
        --seed,*) seed=$2 ;;
        --count,*) count=$2 ;;
        *) echo "usage: $0 [--seed S] [--count N]" >&2 && exit 2 ;;
    esac
    shift 2
done
[ "$count" -gt 0 ] || { echo "conformance: cove: --count wants at least 1" >&2 && exit 2; }

mkdir -p build
if ! { cmake --preset conformance &&
    cmake --build --preset conformance --target cove_cove_random_test; } \
    > build/conformance.log 2>&1; then
    cat build/conformance.log >&2
    exit 1
fi

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
for number in "$seed" $((seed + 1)); do
    (HVRV_COVE_SEED=$number HVRV_COVE_CALLS=$count \
        build/conformance/tests/unit/cove_cove_random_test > "$logs/$number" 2>&1 ||
        touch "$logs/failed") &
done
wait
if [ -e "$logs/failed" ]; then
    cat "$logs"/[0-9]*
    echo "conformance: cove: a call was not as foretold" >&2
    exit 1
fi
echo "conformance: cove: $((2 * count)) random events with seeds $seed and $((seed + 1)), each as foretold"
