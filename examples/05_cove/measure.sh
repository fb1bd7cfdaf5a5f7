#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# measure.sh IMAGE: prints the measurement that a TSM must find for the example's
# TVM, from its image alone (cove_tvm.bin). Written from the definition in
# include/hvrv/cove/tvm.h, and with nothing of the library: SHA-384 is sha384sum's.
#
#   register = sha384(register || tag || a || b || content)
#
# for each page of the image, then for its vHart, then for where it begins.
set -eu

image=$1
base=$((0x80000000))     # GPA of the image, and of its first instruction
argument=$((0x48565256)) # what finalize_tvm passes to the TVM
page=4096

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A number as 8 bytes, little-endian.
number() {
    for shift in 0 8 16 24 32 40 48 56; do
        printf "\\$(printf %03o $(($1 >> shift & 255)))"
    done
}

# Bytes given as hexadecimal digits.
bytes() {
    for byte in $(echo "$1" | sed 's/../& /g'); do
        printf "\\$(printf %03o "0x$byte")"
    done
}

# step TAG A B: the register becomes the next one; the content, if any, comes by standard input.
step() {
    { bytes "$register" && printf %s "$1" && number "$2" && number "$3" && cat; } > "$work/step"
    register=$(sha384sum "$work/step" | cut -d ' ' -f 1)
}

[ -s "$image" ] || {
    echo "measure: there is no image '$image'" >&2
    exit 1
}
register=$(printf '%096d' 0)
pages=$((($(wc -c < "$image") + page - 1) / page))
at=0
while [ $at -lt $pages ]; do
    # The last page is filled up with zeros.
    { dd if="$image" bs=$page skip=$at count=1 && cat /dev/zero; } 2> /dev/null |
        head -c $page > "$work/page"
    step HVRVPAGE $((base + at * page)) 12 < "$work/page"
    at=$((at + 1))
done
step HVRVHART 0 0 < /dev/null
step HVRVMAIN $base $argument < /dev/null
echo "$register"
