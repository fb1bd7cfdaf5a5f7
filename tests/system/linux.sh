#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# linux.sh ELF [OPTION..]: runs Linux on the hypervisor ELF (examples/04_linux), in the
# terminal, or with --check by itself: then the workload must pass, and every VM and the
# hypervisor must end well, or it fails.
#
#   --check            the workload once, without a person
#   --soak MINUTES     the workload again and again
#   --bare             without a hypervisor: the same kernel on the same machine
#   --vharts N         vHarts of a VM (1); with --bare, harts
#   --harts N          harts of the machine (1)
#   --vms N            virtual machines, 1 or 2
#   --no-sstc          guests set their timers by SBI
#   --vector           a machine with vectors, of 256 bits
#   --move             vHarts move to another hart at every slice
#   --slice US         length of a slice (10000)
#   --machine NAME     qemu7 (the system's QEMU) or qemu10 (Debian 13's)
#   --seconds N        time limit of --check
#   --times FILE       adds a line: seconds until init, until the workload's end
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
elf=$1
shift
mode=shell vharts=1 harts=1 vms=1 sstc=1 vector=0 flags=0 slice=10000 bare=0 seconds=120 times=
qemu=qemu-system-riscv64
ram=268435456

fail() {
    echo "linux failed: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --check) mode=check ;;
        --bare) bare=1 ;;
        --no-sstc) sstc=0 flags=$((flags | 4)) ;;
        --vector) vector=1 ;;
        --move) flags=$((flags | 1)) ;;
        --soak) mode=soak=$2 seconds=$(($2 * 60 + 300)) && shift ;;
        --vharts) vharts=$2 && shift ;;
        --harts) harts=$2 && shift ;;
        --vms) vms=$2 && shift ;;
        --slice) slice=$2 && shift ;;
        --seconds) seconds=$2 && shift ;;
        --times) times=$2 && shift ;;
        --machine)
            case $2 in
                qemu7) qemu=qemu-system-riscv64 ;;
                qemu10) qemu=$here/qemu10.sh ;;
                *) fail "there is no machine '$2'" ;;
            esac
            shift
            ;;
        *) fail "there is no option '$1'" ;;
    esac
    shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
linux=$("$top/cmake/guests.sh" path linux)
initrd=$top/build/linux/initrd.gz
[ -e "$linux" ] || fail "there is no kernel; cmake/guests.sh make gets one"
"$top/examples/04_linux/guest/make.sh" "$initrd" || fail "the guest's file system was not made"

isa=rv64imafdc
[ $vector = 0 ] || isa=${isa}v
isa=${isa}_zicsr_zifencei
[ $sstc = 0 ] || isa=${isa}_sstc
arguments="console=ttyS0 hvrv=$mode vharts=$vharts"
[ "$mode" = shell ] || arguments="$arguments quiet"

# Options of QEMU that every run has.
machine() {
    cpu=rv64,h=true
    [ $vector = 0 ] || cpu=$cpu,v=true,vlen=256
    echo "-machine virt -cpu $cpu -display none"
}

# load FILE ADDRESS, word ADDRESS VALUE: what QEMU puts into memory before it starts.
load() {
    echo "-device loader,file=$1,addr=$2,force-raw=on"
}

word() {
    echo "-device loader,addr=$1,data=$2,data-len=8"
}

guest() {
    base=$((0xc0000000 + $1 * 0x20000000))
    load "$linux" $((base + 0x200000))
    load "$work/dtb" $((base + 0x7e00000))
    load "$initrd" $((base + 0x8000000))
}

# The command line, without the serial port.
command_line() {
    machine
    if [ $bare = 1 ]; then
        echo "-smp $vharts -m 256M -kernel $linux -initrd $initrd"
        return
    fi
    echo "-smp $harts -m 2G -kernel $elf"
    word $((0x84000000)) $vms
    word $((0x84000008)) $vharts
    word $((0x84000010)) $slice
    word $((0x84000018)) $flags
    word $((0x84000020)) $ram
    guest 0
    [ $vms = 1 ] || guest 1
}

"$top/examples/04_linux/guest/dts.sh" $vharts $isa $ram \
    $((0x88000000 + $(stat -L -c %s "$initrd"))) "$arguments" |
    dtc -q -I dts -O dtb -o "$work/dtb" - || fail "the device tree was not made"

if [ "$mode" = shell ]; then
    echo "linux: Ctrl-A x ends the machine"
    [ $bare = 0 ] || exec $qemu $(command_line) -append "$arguments" -serial mon:stdio
    exec $qemu $(command_line) -serial mon:stdio
fi

append=
[ $bare = 0 ] || append=-append
timeout -k 5 $seconds $qemu $(command_line) ${append:+-append "$arguments"} \
    -monitor none -serial stdio < /dev/null > "$work/raw" 2>&1
status=$?
tr -d '\r' < "$work/raw" > "$work/console"
sed -n '/^hypervisor: \|^guest: \|^[01]> \(guest\|workload\)\|^workload: /p' "$work/console"

case $status in
    0) ;;
    124 | 137) tail -n 20 "$work/console" && fail "no end within $seconds s" ;;
    *) tail -n 20 "$work/console" && fail "QEMU ended with status $status" ;;
esac
passed=$(grep -cE "^([01]> )?workload: passed, $vharts vHarts" "$work/console")
[ "$passed" = $vms ] || fail "the workload passed in $passed of $vms VMs"
[ "$(grep -cE '^([01]> )?guest: done with status 0 ' "$work/console")" = $vms ] ||
    fail "init did not end well"
[ $vector = 0 ] || grep -q 'workload: passed.*vectors' "$work/console" ||
    fail "the guest found no vectors"
if [ $bare = 0 ]; then
    [ "$(grep -c '^hypervisor: VM [0-9] powered off, reason 0$' "$work/console")" = $vms ] ||
        fail "a VM did not power off"
    grep -qE '^hypervisor: ([0-9]+) of \1 table pages returned$' "$work/console" ||
        fail "a table page is missing"
fi
if [ -n "$times" ]; then
    up=$(sed -n 's/.*guest: Linux .* up after \([0-9.]*\) s$/\1/p' "$work/console" | tail -n 1)
    end=$(sed -n 's/.*guest: done .* after \([0-9.]*\) s$/\1/p' "$work/console" | tail -n 1)
    echo "$up $end" >> "$times"
fi
echo "linux: booted, workload passed, guest powered off"
