#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Programs of Debian 13 on Debian 12, from a folder of the user's cache that
# debootstrap and this machine's own Debian mirror make. On any other system
# nothing is made: there the system's own programs are the ones to run.
#
# trixie.sh make PACKAGE..       the folder, with these packages in it
# trixie.sh is-made PROGRAM      whether the folder has /usr/bin/PROGRAM
# trixie.sh run PROGRAM ARG..    runs it; root is needed for make alone
# trixie.sh root                 prints the folder's name
# trixie.sh is-wanted            whether this system is one that wants the folder
set -eu

# What a new folder has from the start, so that it is made once.
common='qemu-system-misc opensbi cbmc binutils-riscv64-linux-gnu'

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
root=$cache/trixie # a link to the folder in use

is_debian_12() {
    (. /etc/os-release 2> /dev/null && [ "${ID-}" = debian ] && [ "${VERSION_ID-}" = 12 ])
}

mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
        sed -n 's#^deb *\(\[[^]]*\] *\)\{0,1\}\([^ ]*/debian\)/* .*#\2#p'
    cat /etc/apt/sources.list.d/*.sources 2> /dev/null |
        sed -n 's#^URIs: *\([^ ]*/debian\)/* *$#\1#p'
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# has PACKAGE..: whether the folder in use has them all.
has() {
    for package in "$@"; do
        [ -e "$root/var/lib/dpkg/info/$package.list" ] ||
            [ -n "$(ls "$root/var/lib/dpkg/info/$package":*.list 2> /dev/null)" ] || return 1
    done
}

new_folder() {
    echo "making $root: programs of Debian 13, about 900 MB"
    as_root debootstrap --variant=minbase --include="$(echo $common "$@" | tr ' ' ,)" \
        trixie "$part" "$(mirror | head -n 1)" > "$log" 2>&1
}

grown_folder() {
    echo "adding to $root: $*"
    as_root cp -a "$root/." "$part" > "$log" 2>&1 &&
        as_root cp /etc/resolv.conf "$part/etc/resolv.conf" >> "$log" 2>&1 &&
        as_root chroot "$part" apt-get -qq update >> "$log" 2>&1 &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            chroot "$part" apt-get -qq install --no-install-recommends "$@" >> "$log" 2>&1
}

# Somebody may be running from the folder that is there: it is never changed, but
# replaced as a whole, by a link that moves in one step.
make_folder() {
    exec 9> "$cache/trixie.lock"
    flock 9
    ! has "$@" || return 0
    part=$cache/trixie-$$
    log=$cache/trixie.log
    if [ -e "$root" ]; then how=grown_folder; else how=new_folder; fi
    if ! $how "$@" 9>&-; then
        tail -n 20 "$log" >&2
        as_root rm -rf "$part"
        exit 1
    fi
    ln -sfn "${part##*/}" "$root.link"
    # A folder made before there was a link.
    [ -L "$root" ] || [ ! -e "$root" ] || as_root mv "$root" "$root-old"
    mv -T "$root.link" "$root"
    for folder in "$cache"/trixie-*; do
        [ "$folder" = "$part" ] || as_root rm -rf "$folder"
    done
}

verb=${1-}
[ $# -eq 0 ] || shift
case $verb in
    make)
        is_debian_12 || exit 0
        mkdir -p "$cache"
        has "$@" || make_folder "$@"
        ;;
    is-made)
        [ -e "$root/usr/bin/$1" ]
        ;;
    run)
        program=$root/usr/bin/$1
        shift
        # Its own loader finds its own libraries, so that nobody needs root to run it.
        loader=$(ls "$root"/usr/lib/*-linux-gnu/ld-linux-*.so.* | head -n 1)
        exec "$loader" --library-path "${loader%/*}:$root/usr/lib" "$program" "$@"
        ;;
    root)
        echo "$root"
        ;;
    is-wanted)
        is_debian_12
        ;;
    *)
        sed -n 's/^# \(trixie.sh .*\)/\1/p' "$0" >&2
        exit 2
        ;;
esac
