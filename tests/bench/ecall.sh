#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# A guest's ECALL (SBI Base, spec version), from the guest's instruction through
# the example hypervisor and back, in instructions of all modes.
set -eu
cd "$(dirname "$0")/../.."

timeout 120 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 3G -icount shift=0 \
    -display none -monitor none -serial stdio \
    -kernel build/riscv64-elf/examples/02_run_guest/run_ecall_guest.elf < /dev/null |
    tr -d '\r' | awk '
        /^sbi_ecall / { print "sbi_ecall\t" $2; found = 1 }
        END { exit !found }
    '
