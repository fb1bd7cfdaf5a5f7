#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# One exit and one entry, in instructions: measured on a machine that counts
# exactly, and compared with the length of the two straight-line paths.
set -eu
cd "$(dirname "$0")/../.."

image=build/riscv64-elf/tests/bench/switch_bench
line=$(timeout 60 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 16M -icount shift=0 \
    -display none -monitor none -serial stdio -bios none -kernel "$image" < /dev/null)

# Neither path has a branch: its instructions are those up to the first sret or ret.
static=$(riscv64-unknown-elf-objdump -d --no-show-raw-insn "$image" | awk '
    /^[0-9a-f]+ <hvrv_vhart_(enter|exit)>:$/ { inside = 1; next }
    inside && /^ / { count++ }
    inside && $2 ~ /^s?ret$/ { inside = 0 }
    END { print count }
')
if [ "$line" != "$(printf 'switch_round_trip\t%d' "$static")" ]; then
    echo "switch: measured '$line', but the code is $static instructions long" >&2
    exit 1
fi
echo "$line"
