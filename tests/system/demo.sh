#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# demo.sh ELF: boots examples/02_run_guest (boot.sh) and shows its console.
# Succeeds only if the machine ended well and the last line says that every
# address agreed.
set -u

elf=$1
least=32
console=$(mktemp)
trap 'rm -f "$console"' EXIT

fail() {
    echo "demo failed: $1" >&2
    exit 1
}

"$(dirname "$0")/boot.sh" "$elf" "$console" || exit 1

last=$(tail -n 1 "$console")
agreed=$(echo "$last" | sed -n 's/^demo: software walk agreed with hardware on \([0-9]*\) of \([0-9]*\) addresses, guest exited 0$/\1 \2/p')
[ -n "$agreed" ] || fail "its last line does not say that the walks agreed"
[ "${agreed% *}" = "${agreed#* }" ] || fail "the walks disagreed"
[ "${agreed% *}" -ge "$least" ] || fail "fewer than $least addresses were compared"
