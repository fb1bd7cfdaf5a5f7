#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Instructions of one two-stage walk, from the call of hvrv_walk_two_stage to
# its return: on riscv64 as QEMU's user mode executes them one by one, on this
# machine as Callgrind counts them.
set -eu
cd "$(dirname "$0")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Each executed instruction is a line of the log, with its address as the second
# of the numbers in brackets. The walk ends when main goes on.
count_riscv() {
    program=build/riscv64-linux/tests/bench/walk_bench
    start=$(riscv64-linux-gnu-nm "$program" | awk '$3 == "hvrv_walk_two_stage" { print $1 }')
    qemu-riscv64 -singlestep -d nochain,exec -D "$log" "$program" "$1" > /dev/null
    awk -v start="$start" '
        match($0, /\[[^]]*\]/) {
            split(substr($0, RSTART + 1, RLENGTH - 2), number, "/")
            if (number[2] == start)
                inside = 1
            else if ($NF == "main")
                inside = 0
            count += inside
        }
        END { print count }
    ' "$log"
}

count_host() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --toggle-collect=hvrv_walk_two_stage build/release/tests/bench/walk_bench "$1" 2>&1 |
        awk '/Collected/ { print $NF }'
}

for name in 4k4k_direct 4k4k_callback 2m2m_direct; do
    printf 'walk_rv64_%s\t%s\n' "$name" "$(count_riscv "$name")"
done
[ "$(uname -m)" != x86_64 ] || printf 'walk_x86_4k4k_direct\t%s\n' "$(count_host 4k4k_direct)"
