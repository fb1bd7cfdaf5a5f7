#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds CMocka as a static riscv64 library from the distribution's own source
# package, and puts it where the preset riscv64-linux looks for it. Source, as
# Debian 12 and Ubuntu carry no package for riscv64 that an amd64 machine could
# take without trouble, and Debian 13's wants a newer C library than 12 has.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
prefix=$cache/cmocka-riscv64
toolchain=$here/toolchains/riscv64-linux.cmake

[ ! -e "$prefix/lib/libcmocka.a" ] || exit 0

mkdir -p "$cache"
work=$(mktemp -d "$cache/cmocka-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "building CMocka for riscv64 from the distribution's source package"
"$here/debian_source.sh" cmocka "$work"

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
