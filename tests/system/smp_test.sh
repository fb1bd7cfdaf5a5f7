#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# smp_test.sh ELF [MACHINE]: smp.sh finds what the image does wrong on purpose,
# and believes no machine that did not do all of it.
set -eu
cd "$(dirname "$0")"

elf=$1
machine=${2:+--machine $2}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
bad=0

# finds TEXT OPTION..: the run fails, with a mismatch of this kind; mostly within a hundred
# operations, but when the harts come to run is not the image's to say.
finds() {
    text=$1
    shift
    if ./smp.sh $machine --elf "$elf" --count 20000 "$@" > "$log" 2>&1 ||
        ! grep -Eq "^mismatch: hart [0-9]: ($text)" "$log"; then
        echo "smp_test: not found with $*"
        cat "$log"
        bad=1
    else
        echo "found with $*: $(grep '^mismatch:' "$log" | head -n 1)"
    fi
}

finds "another page's tag|a harvest misses|a page was stored|a free page" --mistake 1
finds "another page's tag|a harvest misses|a page was stored|a free page" --mistake 1 --reach rfence
finds "a harvest misses" --mistake 3
finds "another page's tag|a free page" --mistake 4

# An image that is none: nothing is done.
if ./smp.sh --elf /dev/null --count 1 > "$log" 2>&1; then
    echo "smp_test: an empty image passes"
    bad=1
fi
exit $bad
