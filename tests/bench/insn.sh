#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Instructions of one decoding, from the call to its return, as QEMU's user mode
# executes them one by one on riscv64.
set -eu
cd "$(dirname "$0")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
program=build/riscv64-linux/tests/bench/insn_bench

# count FUNCTION CASE: see walk.sh.
count() {
    start=$(riscv64-linux-gnu-nm "$program" | awk -v name="$1" '$3 == name { print $1 }')
    qemu-riscv64 -singlestep -d nochain,exec -D "$log" "$program" "$2"
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

printf 'insn_rv64_lw\t%s\n' "$(count hvrv_insn_decode lw)"
printf 'insn_rv64_c_lw\t%s\n' "$(count hvrv_insn_decode c_lw)"
printf 'insn_rv64_lw_htinst\t%s\n' "$(count hvrv_insn_decode_transformed lw_htinst)"
