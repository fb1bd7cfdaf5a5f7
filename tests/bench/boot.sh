#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# boot.sh: instructions from reset until Linux's first program has come to where it would
# start a shell, on the hypervisor of examples/04_linux and without it: the same kernel,
# file system and device tree, and the same machine and firmware below. What the hypervisor
# costs in all modes is the difference, in percent of the boot without it. QEMU's recorder
# counts (info replay); waiting is no instruction. The machine is stopped a moment after it
# printed, so a repetition differs by a percent.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
linux=$(cmake/guests.sh path linux)
initrd=$work/initrd.gz
examples/04_linux/guest/make.sh "$initrd"
end=$((0x88000000 + $(stat -L -c %s "$initrd")))
tree() {
    examples/04_linux/guest/dts.sh 1 rv64imafdc_zicsr_zifencei_sstc 268435456 $end \
        'console=ttyS0 quiet hvrv=boot'
    # QEMU gives one to a bare machine; without it the kernel works for its first random bits.
    echo '/ { chosen { rng-seed = <1 2 3 4 5 6 7 8>; }; };'
}
tree | dtc -q -I dts -O dtb -o "$work/guest.dtb" -
# The firmware of a bare machine wants devices of its own in the tree, of which the kernel
# makes nothing; and its PLIC has contexts for M-mode too.
{
    tree
    cat << 'TREE'
/ {
    soc {
        clint@2000000 {
            compatible = "sifive,clint0", "riscv,clint0";
            reg = <0x0 0x2000000 0x0 0x10000>;
            interrupts-extended = <&intc0 3>, <&intc0 7>;
        };
        test@100000 {
            compatible = "sifive,test1", "sifive,test0";
            reg = <0x0 0x100000 0x0 0x1000>;
        };
    };
};
&plic {
    interrupts-extended = <&intc0 11>, <&intc0 9>;
};
TREE
} | dtc -q -I dts -O dtb -o "$work/bare.dtb" -

word() {
    echo "-device loader,addr=$1,data=$2,data-len=8"
}

# count ARGUMENT..: instructions that QEMU executes until Linux's first program sleeps. It is
# stopped at once when it has printed so: its serial port is a pipe.
count() {
    rm -f "$work/keys" "$work/serial"
    mkfifo "$work/keys" "$work/serial"
    timeout 150 qemu-system-riscv64 -machine virt -cpu rv64,h=true -display none -nic none \
        -seed 1 -icount shift=0,sleep=off,rr=record,rrfile="$work/record" \
        -serial file:"$work/serial" -monitor stdio "$@" \
        < "$work/keys" > "$work/monitor" 2>&1 &
    exec 3> "$work/keys"
    if timeout 120 grep -q '^guest: Linux .* on 1 vHarts' "$work/serial"; then
        printf 'stop\ninfo replay\nquit\n' >&3
    fi
    exec 3>&-
    wait $! || true
    sed -n 's/.*instruction count = \([0-9]*\).*/\1/p' "$work/monitor" | head -n 1
}

host() {
    count -m 2G -kernel build/riscv64-elf/examples/04_linux/linux_host.elf \
        -device loader,file="$linux",addr=0xc0200000,force-raw=on \
        -device loader,file="$work/guest.dtb",addr=0xc7e00000,force-raw=on \
        -device loader,file="$initrd",addr=0xc8000000,force-raw=on \
        $(word 0x84000000 1) $(word 0x84000008 1) $(word 0x84000010 10000) \
        $(word 0x84000018 0) $(word 0x84000020 268435456)
}

bare() {
    count -m 256M -kernel "$linux" -initrd "$initrd" -dtb "$work/bare.dtb" \
        -append 'console=ttyS0 quiet hvrv=boot'
}

with=$(host)
without=$(bare)
awk -v with="$with" -v without="$without" 'BEGIN {
    if (!(without > 0 && with > 0)) {
        print "boot: Linux did not come to its first program" > "/dev/stderr"
        exit 1
    }
    printf "linux_boot\t%d\n", with / 1e6 + 0.5
    printf "linux_boot_bare\t%d\n", without / 1e6 + 0.5
    printf "linux_boot_overhead\t%.1f\n", 100 * (with / without - 1)
}'
