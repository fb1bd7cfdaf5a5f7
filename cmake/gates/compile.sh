#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# compile.sh ARCHIVE COMPILER [FLAGS]: compiles every source that the compiler's
# machine takes, with warnings as errors, as someone would who has no CMake.
set -eu
cd "$(dirname "$0")/../.."

archive=$1
shift
objects=$(dirname "$archive")
rm -rf "$objects"
mkdir -p "$objects"

sources='\.c$'
if echo | "$@" -E -dM - | grep -q '__riscv_xlen 64'; then
    sources='\.[cS]$'
fi

for source in $(grep "^lib/.*$sources" lib/sources.txt); do
    object=$objects/$(echo "${source#lib/}" | tr / _).o
    "$@" -std=c11 $(cat cmake/warnings.txt) -Werror -Iinclude -c "$source" -o "$object"
done

case $1 in
    *-gcc) ar=${1%gcc}ar ;;
    *) ar=ar ;;
esac
$ar rcs "$archive" "$objects"/*.o
