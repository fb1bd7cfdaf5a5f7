#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# demo.sh ELF: boots examples/02_run_guest on a machine with the H extension,
# under QEMU's OpenSBI, and shows its console. QEMU in the environment names
# another emulator than the system's own, DEMO_SECONDS another time limit.
# Succeeds only if QEMU ended by itself, in time, and the last line says that
# every address agreed.
set -u

elf=$1
seconds=${DEMO_SECONDS:-60}
least=32
console=$(mktemp)
trap 'rm -f "$console" "$console.raw"' EXIT

timeout -k 5 "$seconds" "${QEMU:-qemu-system-riscv64}" -machine virt -cpu rv64,h=true -m 3G -smp 1 \
    -display none -monitor none -serial stdio -kernel "$elf" < /dev/null > "$console.raw" 2>&1
status=$?
tr -d '\r' < "$console.raw" > "$console"
cat "$console"

fail() {
    echo "demo failed: $1" >&2
    exit 1
}

case $status in
    0) ;;
    124 | 137) fail "no end within $seconds s" ;;
    *) fail "QEMU ended with status $status" ;;
esac

last=$(tail -n 1 "$console")
agreed=$(echo "$last" | sed -n 's/^demo: software walk agreed with hardware on \([0-9]*\) of \([0-9]*\) addresses, guest exited 0$/\1 \2/p')
[ -n "$agreed" ] || fail "its last line does not say that the walks agreed"
[ "${agreed% *}" = "${agreed#* }" ] || fail "the walks disagreed"
[ "${agreed% *}" -ge "$least" ] || fail "fewer than $least addresses were compared"
