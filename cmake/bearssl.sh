#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# BearSSL's SHA-384 as a bare-metal riscv64 library, from the distribution's own source package, for
# the TSM of examples/05_cove. It is kept in a folder of the user's cache:
# include/bearssl_hash.h and lib/libbearssl.a. A third of a MiB to download.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
prefix=$cache/bearssl-riscv64-elf

mkdir -p "$cache"
exec 9> "$cache/bearssl.lock"
flock 9
[ ! -e "$prefix/lib/libbearssl.a" ] || exit 0

work=$(mktemp -d "$cache/bearssl-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "building BearSSL's SHA-384 for riscv64 from the distribution's source package"
"$here/debian_source.sh" bearssl "$work"

mkdir include lib
for file in hash/sha2big codec/enc64be codec/dec64be; do
    riscv64-unknown-elf-gcc -march=rv64imac -mabi=lp64 -mcmodel=medany -O2 -ffreestanding \
        --specs=picolibc.specs -Isource/inc -Isource/src -c "source/src/$file.c" \
        -o "${file##*/}.o"
done
riscv64-unknown-elf-ar rcs lib/libbearssl.a ./*.o
cp source/inc/bearssl_hash.h include/
rm -rf "$prefix"
mkdir -p "$prefix"
mv include lib "$prefix/"
