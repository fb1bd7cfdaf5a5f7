#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# uboot.sh ELF [--check] [--machine qemu7|qemu10] [--seconds N]: runs U-Boot's S-mode image
# on the hypervisor ELF (examples/04_linux), in the terminal; with --check types `version` and
# `poweroff` at its prompt, and fails unless the one is answered and the other ends the machine.
# Each of them, and the prompt, may take N seconds.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
elf=$1
shift
check=0
qemu=qemu-system-riscv64
seconds=60

fail() {
    echo "uboot failed: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --check) check=1 ;;
        --seconds) seconds=$2 && shift ;;
        --machine)
            [ "$2" != qemu10 ] || qemu=$here/qemu10.sh
            shift
            ;;
        *) fail "there is no option '$1'" ;;
    esac
    shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=$("$top/cmake/guests.sh" path u-boot)
[ -e "$image" ] || fail "there is no U-Boot; cmake/guests.sh make gets one"
"$top/examples/04_linux/guest/dts.sh" 1 rv64imafdc_zicsr_zifencei 268435456 0 "" |
    dtc -q -I dts -O dtb -o "$work/dtb" - || fail "the device tree was not made"

boot() {
    "$qemu" -machine virt -cpu rv64,h=true -m 2G -display none -kernel "$elf" \
        -device loader,file="$image",addr=0xc0200000,force-raw=on \
        -device loader,file="$work/dtb",addr=0xc7e00000,force-raw=on "$@"
}

if [ $check = 0 ]; then
    echo "uboot: Ctrl-A x ends the machine"
    boot -serial mon:stdio
    exit
fi

# saw TEXT [COUNT]: waits until the console has said it so often.
saw() {
    tries=$((seconds * 10))
    until [ "$(tr -d '\r' < "$work/console" | grep -c "$1")" -ge "${2:-1}" ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] && kill -0 $machine 2> /dev/null || return 1
        sleep 0.1
    done
}

mkfifo "$work/keys"
: > "$work/console"
boot -monitor none -serial stdio < "$work/keys" > "$work/console" 2>&1 &
machine=$!
exec 3> "$work/keys"
trap 'kill -9 $machine 2> /dev/null; rm -rf "$work"' EXIT

# A key ends the countdown before it boots something else.
saw 'Hit any key' && printf '\r' >&3
reached=0
if saw '^=> ' && printf 'version\r' >&3 && saw '^U-Boot 20' 2; then
    reached=1
    printf 'poweroff\r' >&3
fi
status=none
tries=$((seconds * 10))
while kill -0 $machine 2> /dev/null && [ $tries -gt 0 ] && [ $reached = 1 ]; do
    tries=$((tries - 1))
    sleep 0.1
done
if ! kill -0 $machine 2> /dev/null; then
    wait $machine
    status=$?
fi
tr -d '\r' < "$work/console" | sed -n '/^hypervisor: /,$p'
echo
[ $reached = 1 ] || fail "there was no prompt, or it did not answer"
[ $status = 0 ] || fail "QEMU ended with status $status"
tr -d '\r' < "$work/console" | grep -q '^hypervisor: VM 0 powered off, reason 0$' ||
    fail "the guest did not power off"
echo "uboot: prompt reached, guest powered off"
