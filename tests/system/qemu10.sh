#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# qemu10.sh ARGUMENTS..: qemu-system-riscv64 of Debian 13, QEMU 10, on Debian 12,
# whose own is 7.2. The two are wrong in different things.
#
# qemu10.sh --make: makes the folder that it runs from, once, with debootstrap
# and this machine's own Debian mirror. On any other system there is nothing to
# make: its own QEMU is the one that the tests run. qemu10.sh --is-made asks.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
root=$cache/trixie

is_debian_12() {
    (. /etc/os-release 2> /dev/null && [ "${ID-}" = debian ] && [ "${VERSION_ID-}" = 12 ])
}

mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
        sed -n 's#^deb *\(\[[^]]*\] *\)\{0,1\}\([^ ]*/debian\)/* .*#\2#p'
    cat /etc/apt/sources.list.d/*.sources 2> /dev/null |
        sed -n 's#^URIs: *\([^ ]*/debian\)/* *$#\1#p'
}

make_root() {
    is_debian_12 && [ ! -e "$root" ] || return 0
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    mkdir -p "$cache"
    echo "making $root: Debian 13's QEMU 10, about 550 MB"
    $as_root rm -rf "$root.part"
    if ! $as_root debootstrap --variant=minbase --include=qemu-system-misc,opensbi \
        trixie "$root.part" "$(mirror | head -n 1)" > "$cache/trixie.log" 2>&1; then
        tail -n 20 "$cache/trixie.log" >&2
        exit 1
    fi
    $as_root mv "$root.part" "$root"
}

case ${1-} in
    --make)
        make_root
        exit
        ;;
    --is-made)
        [ -e "$root" ]
        exit
        ;;
esac

# Its own loader finds its own libraries, so that nobody needs root to run it.
loader=$(ls "$root"/usr/lib/*-linux-gnu/ld-linux-*.so.* | head -n 1)
exec "$loader" --library-path "${loader%/*}" "$root/usr/bin/qemu-system-riscv64" \
    -L "$root/usr/share/qemu" "$@"
