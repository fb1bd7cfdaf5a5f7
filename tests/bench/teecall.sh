#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# A call of the TSM and its return, in instructions: from the host's ECALL to the TSM's first
# instruction of C, and from its TEERET to the host's next one, through the firmware of
# examples/05_cove. It may cost no more than two exchanges of all x registers and CSRs, and PMP's:
# twice the length of the code that saves, loads and opens, and once that of what decides.
set -eu
cd "$(dirname "$0")/../.."

image=build/riscv64-elf/tests/bench/teecall.elf
line=$(timeout 60 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 512M -icount shift=0 \
    -display none -monitor none -serial stdio -bios none -kernel "$image" \
    -device loader,addr=0x80300000,data=1,data-len=4 < /dev/null)

static=$(riscv64-unknown-elf-objdump -d --no-show-raw-insn "$image" | awk '
    /^[0-9a-f]+ <.*>:$/ {
        times = 0
        if ($2 ~ /^<(hvrv_domain_(vector|leave)|save.*|load.*|enter.*|protect_enter)>:$/)
            times = 2
        else if ($2 ~ /^<hvrv_domain_(call|return)>:$/)
            times = 1
    }
    /^ / { count += times }
    END { print count }
')
value=$(printf '%s\n' "$line" | sed -n 's/^teecall_round_trip\t\([0-9]*\)$/\1/p')
if [ -z "$value" ] || [ "$value" -gt "$static" ]; then
    echo "teecall: measured '$line', and two exchanges are $static instructions long" >&2
    exit 1
fi
echo "$line"
