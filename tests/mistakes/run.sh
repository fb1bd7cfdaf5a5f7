#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh LIST BUILD PROGRAM OBJECT..: plants each mistake of a list (cove.tsv) in a copy of its file,
# links the test PROGRAM anew with it, from its OBJECTs and BUILD's library, and wants the test to fail. Each
# edit must change its file, and what is built without one must pass.
set -u

list=$1
build=$2
program=$3
shift 3
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

complain() {
    echo "mistakes: $1"
    bad=1
}

# try FILE OBJECT..: the program with the file in place of the library's.
try() {
    file=$1
    shift
    ${CC:-gcc} -O1 -std=c11 -ffreestanding -I"$source/include" -I"$source/lib/cove" \
        -I"$source/lib/mmu" -c "$file" -o "$work/planted.o" || return 2
    ${CC:-gcc} -o "$work/test" "$@" "$work/planted.o" "$build/libhvrv.a" -lcmocka || return 2
    timeout 120 "$work/test" > "$work/log" 2>&1
}

name=
while IFS='	' read -r name file edit; do
    case $name in '' | '#'*) continue ;; esac
    sed "$edit" "$source/$file" > "$work/planted.c"
    if cmp -s "$work/planted.c" "$source/$file"; then
        complain "$name: the edit changes nothing in $file"
        continue
    fi
    try "$work/planted.c" "$@"
    case $? in
        0) complain "$name: $program does not find it" ;;
        2) complain "$name: does not compile" ;;
        *) echo "found $name" ;;
    esac
done < "$list"
cp "$source/lib/cove/page.c" "$work/planted.c"
try "$work/planted.c" "$@" || complain "without a mistake $program fails"
exit $bad
