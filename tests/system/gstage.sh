#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# gstage.sh ELF [EXPECTED]: boots examples/03_gstage (boot.sh) and shows its
# console. Succeeds only if the machine ended well and the last line says that
# the dirty pages were found and every table page came back; with a file
# EXPECTED, only if it printed that, from the list of regions on.
set -u

elf=$1
expected=${2-}
least=32
console=$(mktemp)
trap 'rm -f "$console"' EXIT

fail() {
    echo "gstage failed: $1" >&2
    exit 1
}

"$(dirname "$0")/boot.sh" "$elf" "$console" || exit 1

set -- $(tail -n 1 "$console" | sed -n 's/^gstage: \([0-9]*\) dirty pages found, \([0-9]*\) expected; \([0-9]*\) of \([0-9]*\) table pages returned$/\1 \2 \3 \4/p')
[ $# = 4 ] || fail "its last line does not say what was found"
[ "$1" = "$2" ] || fail "the dirty pages found are not those that were written"
[ "$1" -ge "$least" ] || fail "fewer than $least pages were written"
[ "$3" = "$4" ] && [ "$4" -gt 0 ] || fail "a table page is missing"

[ -z "$expected" ] || sed -n '/^region /,$p' "$console" | diff -u "$expected" - ||
    fail "it did not print what it should"
