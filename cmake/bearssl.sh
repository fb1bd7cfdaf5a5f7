#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# BearSSL's SHA-384 as a bare-metal riscv64 library, from the distribution's own source package, for
# the TSM of examples/05_cove. It is kept in a folder of the user's cache:
# include/bearssl_hash.h and lib/libbearssl.a. A third of a MiB to download.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
prefix=$cache/bearssl-riscv64-elf

mkdir -p "$cache"
exec 9> "$cache/bearssl.lock"
flock 9
[ ! -e "$prefix/lib/libbearssl.a" ] || exit 0

work=$(mktemp -d "$cache/bearssl-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# apt with the machine's own mirrors asked for sources, in directories of its
# own: the system's lists stay as they are.
mkdir -p sources.list.d lists/partial cache/archives/partial
for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources; do
    [ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" > "sources.list.d/${list##*/}"
done
[ ! -e /etc/apt/sources.list ] ||
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > sources.list.d/system.list

private_apt() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources.list.d" \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

echo "building BearSSL's SHA-384 for riscv64 from the distribution's source package"
private_apt update > apt.log 2>&1 || true # a mirror that fails shows in the next command
if ! private_apt source --tar-only bearssl >> apt.log 2>&1; then
    cat apt.log >&2
    echo "bearssl: no source package of BearSSL from this machine's mirrors" >&2
    exit 1
fi

mkdir source include lib
tar -xf bearssl_*.orig.tar.?z -C source --strip-components=1
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
