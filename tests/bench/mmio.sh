#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# A guest's load from a device, begun and finished, on a machine that counts exactly.
set -eu
cd "$(dirname "$0")/../.."

timeout 60 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 16M -icount shift=0 \
    -display none -monitor none -serial stdio -bios none \
    -kernel build/riscv64-elf/tests/bench/mmio_bench < /dev/null
