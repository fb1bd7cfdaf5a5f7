#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds CMocka as a static riscv64 library from the distribution's own source
# package, and puts it where the preset riscv64-linux looks for it. Source, as
# Debian 12 and Ubuntu carry no package for riscv64 that an amd64 machine could
# take without trouble, and Debian 13's wants a newer C library than 12 has.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
prefix=$cache/cmocka-riscv64
toolchain=$(cd "$(dirname "$0")" && pwd)/toolchains/riscv64-linux.cmake

[ ! -e "$prefix/lib/libcmocka.a" ] || exit 0

mkdir -p "$cache"
work=$(mktemp -d "$cache/cmocka-build.XXXXXX")
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

echo "building CMocka for riscv64 from the distribution's source package"
private_apt update > apt.log 2>&1 || true # a mirror that fails shows in the next command
if ! private_apt source --tar-only cmocka >> apt.log 2>&1; then
    cat apt.log >&2
    echo "cmocka-riscv64: no source package of CMocka from this machine's mirrors" >&2
    exit 1
fi

mkdir source
tar -xf cmocka_*.orig.tar.?z -C source --strip-components=1
if ! { cmake -S source -B build -G Ninja -DCMAKE_TOOLCHAIN_FILE="$toolchain" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
        -DBUILD_SHARED_LIBS=OFF -DWITH_STATIC_LIB=ON -DWITH_EXAMPLES=OFF &&
    cmake --build build; } > build.log 2>&1; then
    cat build.log >&2
    exit 1
fi

mkdir -p "$prefix/include" "$prefix/lib"
cp source/include/cmocka*.h "$prefix/include/"
cp "$(find build -name 'libcmocka*.a' | head -n 1)" "$prefix/lib/libcmocka.a"
