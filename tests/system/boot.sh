#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# boot.sh ELF FILE: boots an example on a machine with the H extension, under
# QEMU's OpenSBI, shows its console, and keeps it in FILE. QEMU in the
# environment names another emulator than the system's own, BOOT_CPU another
# processor, BOOT_SECONDS another time limit, BOOT_ARGS more arguments. Succeeds only if QEMU ended by
# itself, in time.
set -u

elf=$1
console=$2
seconds=${BOOT_SECONDS:-60}

timeout -k 5 "$seconds" "${QEMU:-qemu-system-riscv64}" -machine virt \
    -cpu "${BOOT_CPU:-rv64,h=true}" -m 3G -smp 1 -display none -monitor none -serial stdio \
    -kernel "$elf" ${BOOT_ARGS:-} < /dev/null > "$console.raw" 2>&1
status=$?
tr -d '\r' < "$console.raw" > "$console"
rm -f "$console.raw"
cat "$console"

case $status in
    0) exit 0 ;;
    124 | 137) echo "boot failed: no end within $seconds s" >&2 ;;
    *) echo "boot failed: QEMU ended with status $status" >&2 ;;
esac
exit 1
