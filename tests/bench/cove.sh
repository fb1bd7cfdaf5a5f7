#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The TSM's calls about memory on a machine that counts exactly: instructions for each 4 KiB, as
# cove_bench.c says; and bytes that the TSM keeps for a page.
set -eu
cd "$(dirname "$0")/../.."

timeout 60 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 256M -icount shift=0 \
    -display none -monitor none -serial stdio -bios none \
    -kernel build/riscv64-elf/tests/bench/cove_bench < /dev/null
