#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The calls of gstage on a machine that counts exactly: instructions a leaf over
# 1 GiB, or of one call, as gstage_bench.c says; then 1 TiB mapped by leaves of
# three sizes, in thousands of instructions, and its tables in KiB. The largest
# tree's tables take 2 GiB of memory here too.
set -eu
cd "$(dirname "$0")/../.."

timeout 240 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 3G -icount shift=0 \
    -display none -monitor none -serial stdio -bios none \
    -kernel build/riscv64-elf/tests/bench/gstage_bench < /dev/null
