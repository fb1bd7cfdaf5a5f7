#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Guests that others wrote, from Debian's packages alone: the riscv64 kernel and
# busybox of Debian 13, and U-Boot's S-mode image. They are kept in a folder of
# the user's cache; nothing is installed.
#
# guests.sh make [NAME..]  the folder, unless each of these, or of all, is served otherwise
# guests.sh path NAME      where it has linux, kvm.ko, busybox or u-boot
#
# HVRV_LINUX_IMAGE, HVRV_KVM_MODULE, HVRV_BUSYBOX and HVRV_UBOOT_IMAGE name files that serve
# instead, for a machine that reaches no mirror.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvrv
folder=$cache/guests
release=trixie

mirror() {
    {
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
            sed -n 's#^deb *\(\[[^]]*\] *\)\{0,1\}\([^ ]*/debian\)/* .*#\2#p'
        cat /etc/apt/sources.list.d/*.sources 2> /dev/null |
            sed -n 's#^URIs: *\([^ ]*/debian\)/* *$#\1#p'
        echo http://deb.debian.org/debian
    } | head -n 1
}

# A package source of its own, so that the system's stays as it is.
prepare_apt() {
    mkdir -p apt/lists/partial apt/archives/partial apt/sources deb
    cat > apt/sources/riscv64.sources <<SOURCES
Types: deb
URIs: $(mirror)
Suites: $release
Components: main
Architectures: riscv64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    options="-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=$PWD/apt/sources
        -o Dir::State::Lists=$PWD/apt/lists -o Dir::Cache=$PWD/apt
        -o APT::Architectures=riscv64 -o APT::Architecture=riscv64 -o APT::Sandbox::User="
    apt-get $options -qq update
}

# linux-image-riscv64 names the kernel of the day.
kernel_package() {
    apt-cache $options depends linux-image-riscv64 |
        sed -n 's/.*Depends: \(linux-image-[^ :]*\).*/\1/p' | head -n 1
}

fill() {
    prepare_apt
    (cd deb && apt-get $options -qq download "$(kernel_package)" busybox-static u-boot-qemu)
    for package in deb/*.deb; do
        dpkg-deb -x "$package" root
    done
    cp root/boot/vmlinux-* linux
    cp root/usr/bin/busybox busybox
    cp root/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin u-boot
    xz -dc "$(find root -name 'kvm.ko.xz')" > kvm.ko
    basename "$(ls root/boot/vmlinux-*)" > version
    rm -rf root deb apt
}

make_folder() {
    mkdir -p "$cache"
    exec 9> "$cache/guests.lock"
    flock 9
    [ ! -e "$folder" ] || return 0
    part=$folder-$$
    rm -rf "$part"
    mkdir "$part"
    echo "getting guests into $folder: a kernel, busybox and U-Boot, 115 MB to download"
    if ! (cd "$part" && fill) > "$folder.log" 2>&1 9>&-; then
        tail -n 20 "$folder.log" >&2
        rm -rf "$part"
        exit 1
    fi
    mv "$part" "$folder"
}

# path NAME: where it is, or will be.
path() {
    case $1 in
        linux) echo "${HVRV_LINUX_IMAGE:-$folder/linux}" ;;
        kvm.ko) echo "${HVRV_KVM_MODULE:-$folder/kvm.ko}" ;;
        busybox) echo "${HVRV_BUSYBOX:-$folder/busybox}" ;;
        u-boot) echo "${HVRV_UBOOT_IMAGE:-$folder/u-boot}" ;;
        *)
            echo "guests.sh: there is no guest '$1'" >&2
            exit 2
            ;;
    esac
}

verb=${1-}
[ $# -eq 0 ] || shift
case $verb in
    make)
        [ $# -gt 0 ] || set -- linux kvm.ko busybox u-boot
        for name in "$@"; do
            case $(path "$name") in
                "$folder"/*) make_folder && break ;;
            esac
        done
        ;;
    path)
        path "${1:?path wants a name}"
        ;;
    *)
        sed -n 's/^# \(guests.sh .*\)/\1/p' "$0" >&2
        exit 2
        ;;
esac
