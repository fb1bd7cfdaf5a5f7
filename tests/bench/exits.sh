#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# exits.sh: what exits of a guest of examples/04_linux cost, from the guest's instruction
# through the hypervisor and back, in instructions of all modes. Each metric has a machine of
# its own; -icount counts exactly. exits_guest.c is the guest, and says what is counted.
set -eu
cd "$(dirname "$0")/../.."

elf=build/riscv64-elf/examples/04_linux/linux_host.elf
guest=build/riscv64-elf/tests/bench/exits_guest.bin
log=$(mktemp)
trap 'rm -f "$log"' EXIT

word() {
    echo "-device loader,addr=$1,data=$2,data-len=8"
}

# count METRIC PLAN [VHARTS [SLICE [FLAGS]]]: of exits_guest.c's plan; the guest prints the
# metric, and it and the hypervisor have to end well.
count() {
    timeout 120 "${qemu:-qemu-system-riscv64}" -machine virt -cpu rv64,h=true -m 2G \
        -icount shift=0 -display none -monitor none -serial stdio -kernel "$elf" \
        -device loader,file="$guest",addr=0xc0200000,force-raw=on \
        $(word 0xc7e00000 "$2") $(word 0x84000000 1) $(word 0x84000008 "${3:-1}") \
        $(word 0x84000010 "${4:-1000000}") $(word 0x84000018 "${5:-0}") \
        < /dev/null > "$log" 2>&1 || {
        echo "exits: $1: QEMU ended with status $?" >&2
        return 1
    }
    tr -d '\r' < "$log" | awk -v metric="$1" -v suffix="${suffix-}" '
        $1 == metric && NF == 2 && $2 ~ /^[0-9]+$/ { line = metric suffix "\t" $2; found++ }
        /^hypervisor: VM 0 powered off, reason 0$/ { off = 1 }
        END { if (found != 1 || !off) exit 1; print line }
    ' || {
        echo "exits: $1: the guest did not tell" >&2
        return 1
    }
}

pages=2 no_sstc=4
count sbi_ecall 0
count mmio_load 1
count mmio_load_halves 8
count mmio_load_uart 2
count gstage_fault 3 1 1000000 $pages
count timer_interrupt 4 1 1000000 $no_sstc
count timer_interrupt_sstc 5
count vhart_switch 6 2 100
count vhart_switch_fp 7 2 100
# Debian 13's QEMU tells the instruction in htinst; where there is none, the system's is as new.
if tests/system/qemu10.sh --is-made; then qemu=tests/system/qemu10.sh; fi
suffix=_htinst
count mmio_load 1
