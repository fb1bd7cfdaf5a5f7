#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# kvm.sh: the same guest image as exits.sh's, under Linux KVM on the same machine: a
# hypervisor that others wrote, measured in the same run. Debian's kernel, its kvm.ko, and
# kvm/vmm.c in its user space; -icount counts the instructions of all modes.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root/bin" "$root/dev" "$root/proc"
cp "$(cmake/guests.sh path busybox)" "$root/bin/busybox"
chmod 755 "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$(cmake/guests.sh path kvm.ko)" "$root/kvm.ko"
cp build/riscv64-elf/tests/bench/exits_guest.bin "$root/guest"
cp tests/bench/kvm/init "$root/init"
riscv64-linux-gnu-gcc -std=gnu11 -O2 -Wall -Wextra -Werror -static tests/bench/kvm/vmm.c \
    -o "$root/bin/vmm"
(cd "$root" && find . | sort | cpio -o -H newc --quiet | gzip -n) > "$work/initrd.gz"

timeout 300 qemu-system-riscv64 -machine virt -cpu rv64,h=true -m 512M -icount shift=0 \
    -display none -monitor none -serial stdio -kernel "$(cmake/guests.sh path linux)" \
    -initrd "$work/initrd.gz" -append 'console=ttyS0 quiet' < /dev/null > "$work/log" 2>&1 || {
    echo "kvm: QEMU ended with status $?" >&2
    exit 1
}
# Of two values the lower: another task of Linux's may have had the hart meanwhile.
tr -d '\r' < "$work/log" | awk '
    /^(sbi_ecall|mmio_load|gstage_fault|timer_interrupt)\t[0-9]+$/ {
        found++
        if (!($1 in value) || $2 < value[$1])
            value[$1] = $2
    }
    END {
        for (metric in value)
            print "kvm_" metric "\t" value[metric] | "sort"
        exit found != 8
    }
' || {
    tail -n 20 "$work/log" >&2
    echo "kvm: not all was measured" >&2
    exit 1
}
