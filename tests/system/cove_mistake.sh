#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# cove_mistake.sh ELF NAME MACHINE: examples/05_cove with a mistake built in (tests/system/cove)
# is found wrong, and for the right reason.
set -u
cd "$(dirname "$0")"

elf=$1
case $2 in
    open) reason="^attack [0-9]*: the host reads the TSM's memory: .*NOT REFUSED" ;;
    leak) reason="^attack [0-9]*: the host looks for the TVM's secret .*NOT REFUSED" ;;
    no_scrub) reason="^attack [0-9]*: the host looks for what the TVM left.*NOT REFUSED" ;;
    no_fence) reason="^attack [0-9]*: the host skips the fence: .*NOT REFUSED" ;;
    no_content) reason="^cove: TVM ran and was destroyed, measurement WRONG" ;;
    *)
        echo "cove_mistake: there is no mistake '$2'" >&2
        exit 2
        ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if BOOT_SECONDS=30 ./cove.sh "$elf" --machine "$3" > "$log" 2>&1; then
    echo "cove_mistake: $2 was not noticed"
    exit 1
fi
if ! grep "$reason" "$log"; then
    echo "cove_mistake: $2 was noticed, but not as it should be"
    cat "$log"
    exit 1
fi
