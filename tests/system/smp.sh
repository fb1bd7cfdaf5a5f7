#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# smp.sh [--machine qemu7|qemu10|..] [--seed S] [--count N] [--harts N] [--mode 39|48]
#        [--reach ipi|rfence] [--svade 0|1] [--mistake 0..4] [--elf FILE]
# Random operations on the tables of a VM whose guest runs on several harts
# meanwhile, on one emulator; without --machine, on the system's own QEMU.
# Succeeds only if every operation was done and nothing was wrong. --mistake
# has the image itself do something wrong (enum mistake of smp.h).
set -eu
cd "$(dirname "$0")/../.."

machine= seed=1 count=20000 harts=4 mode=39 reach=ipi svade=0 mistake=0
elf=build/riscv64-elf/tests/system/smp/smp.elf
while [ $# -gt 0 ]; do
    case $1,${2-} in
        --machine,?* | --elf,?* | --mode,39 | --mode,48 | --reach,ipi | --reach,rfence | --svade,[01]) ;;
        --seed,*[!0-9]* | --count,*[!0-9]* | --count,0 | --seed, | --count,)
            echo "smp: $1 wants a number, not '${2-}'" >&2
            exit 2
            ;;
        --seed,* | --count,* | --harts,[1-8] | --mistake,[0-4]) ;;
        *) echo "smp: there is no '$1 ${2-}'" >&2 && exit 2 ;;
    esac
    eval "${1#--}=\$2"
    shift 2
done

# The emulators that are here: the system's own, and where it is another, Debian 13's.
qemu=qemu-system-riscv64
other=tests/system/qemu10.sh

# version EMULATOR: 10, or nothing.
version() {
    "$1" --version 2> /dev/null | sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p'
}

found=$(version $qemu)
if [ -n "$machine" ] && [ "qemu$found" != "$machine" ] && $other --is-made; then
    qemu=$other
    found=$(version $other)
fi
if [ -n "$machine" ] && [ "qemu$found" != "$machine" ]; then
    echo "smp: there is no $machine here" >&2
    exit 2
fi

# QEMU 7 has nobody but the hart set A and D; and where it has Svnapot, it looks at no reserved bit.
cpu=rv64,h=true features=0
if [ "$found" -ge 10 ]; then
    cpu=$cpu,svnapot=true,svinval=true,svvptc=true features=7
    [ $svade = 0 ] || cpu=$cpu,svade=true,svadu=false
elif [ $svade = 1 ]; then
    echo "smp: qemu$found has no Svade" >&2
    exit 2
fi
[ $reach = ipi ] && reach=0 || reach=1

# struct config of smp.h, at HPA_CONFIG.
words=
address=$((0x83000000))
for word in 0x706d732d76727668 "$seed" "$count" "$harts" $((mode == 39 ? 8 : 9)) $reach $svade \
    $features "$mistake"; do
    words="$words -device loader,addr=$address,data=$word,data-len=8"
    address=$((address + 8))
done

console=$(mktemp)
trap 'rm -f "$console" "$console.raw"' EXIT

# boot: the machine's console in $console. Whether QEMU ended by itself and well.
boot() {
    status=0
    timeout -k 5 $((60 + count / 200)) "$qemu" -accel tcg,thread=multi -machine virt -cpu "$cpu" \
        -smp "$harts" -m 256M -display none -monitor none -serial stdio -kernel "$elf" $words \
        < /dev/null > "$console.raw" 2>&1 || status=$?
    tr -d '\r' < "$console.raw" > "$console"
    rm -f "$console.raw"
    grep -E '^(smp|mismatch|the hypervisor)' "$console" || cat "$console"
    [ $status = 0 ] || echo "smp: the machine ended with status $status" >&2
    [ $status = 0 ]
}

# Where two harts set A or D of one entry at the same moment, QEMU's walker begins anew, but with
# the last table and its shift in place of the root's (get_physical_address), and may find
# anything. With --svade 1 it never does. So a mismatch with A and D by the harts is shown, but
# counts only if the same run finds one again.
tries=2
until boot; do
    tries=$((tries - 1))
    [ $svade$mistake = 00 ] && [ $tries -gt 0 ] && grep -q '^mismatch: ' "$console" || exit 1
    echo "smp: once more, lest it was QEMU's walker"
done
tail -n 1 "$console" |
    grep -Eq "^smp: $harts harts, $count operations, [0-9]+ guest accesses, [0-9]+ faults, 0 mismatches\$"
