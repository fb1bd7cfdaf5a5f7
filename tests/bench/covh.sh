#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The way out of a TVM, and out and in again, in instructions: covh/host.c.
set -eu
cd "$(dirname "$0")/../.."

lines=$(timeout 60 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 512M -icount shift=0 \
    -display none -monitor none -serial stdio -bios none \
    -kernel build/riscv64-elf/tests/bench/covh/covh_run.elf \
    -device loader,addr=0x80300000,data=1,data-len=4 < /dev/null)
# The TSM tells of what it asks of the firmware; the metrics are what counts.
printf '%s\n' "$lines" | grep '^covh_run'
