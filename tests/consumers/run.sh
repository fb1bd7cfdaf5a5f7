#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh CONSUMER DIRECTORY: builds one of the projects beside this file in a
# fresh DIRECTORY/CONSUMER and runs what came out.
set -eu
consumer=$1
work=$2/$consumer
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

rm -rf "$work"
mkdir -p "$work"
unset CFLAGS CXXFLAGS LDFLAGS

# configure [OPTIONS]: the consumer's build, in $work/build.
configure() {
    cmake -S "$here/$consumer" -B "$work/build" -G Ninja "$@"
}

case $consumer in
    installed_cxx)
        cmake -S "$root" -B "$work/hvrv" -G Ninja -DHVRV_TESTS=OFF \
            -DCMAKE_INSTALL_PREFIX="$work/before"
        cmake --build "$work/hvrv" --target install
        mv "$work/before" "$work/prefix" # what is installed may be moved
        PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name hvrv.pc)")
        export PKG_CONFIG_PATH
        configure -DCMAKE_PREFIX_PATH="$work/prefix"
        cmake --build "$work/build"
        "$work/build/by_cmake"
        "$work/build/by_pkg_config"
        ;;
    subdirectory)
        configure -DHVRV_SOURCE="$root"
        cmake --build "$work/build"
        "$work/build/consumer"
        ;;
    fetched_cross)
        configure -DFETCHCONTENT_SOURCE_DIR_HVRV="$root" \
            -DCMAKE_TOOLCHAIN_FILE="$root/cmake/toolchains/riscv64-linux.cmake"
        cmake --build "$work/build"
        qemu-riscv64 "$work/build/consumer"
        ;;
esac
