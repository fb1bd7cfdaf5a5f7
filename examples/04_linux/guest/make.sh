#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# make.sh FILE: makes the initial file system of a Linux guest, busybox, init and
# the workload, as a compressed cpio archive; only if it is older than they are.
set -eu

file=$1
here=$(cd "$(dirname "$0")" && pwd)
busybox=$("$here/../../../cmake/guests.sh" path busybox)

is_new() {
    [ -e "$file" ] && [ -z "$(find "$here" "$busybox" -newer "$file" -type f)" ]
}

mkdir -p "$(dirname "$file")"
exec 9> "$file.lock"
flock 9
! is_new || exit 0
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/dev"
cp "$busybox" "$root/bin/busybox"
chmod 755 "$root/bin/busybox"
cp "$here/init" "$root/init"
riscv64-linux-gnu-gcc -std=gnu11 -O2 -Wall -Wextra -Werror -static -pthread \
    "$here/workload.c" "$here/registers.S" -o "$root/bin/workload"
(cd "$root" && find . | sort | cpio -o -H newc --quiet | gzip -n) > "$file.new"
mv "$file.new" "$file"
