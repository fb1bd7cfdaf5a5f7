#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# hostile.sh [--machine qemu7|qemu10|..] [--seed S] [--count N] [--rounds N] [--harts N]
#            [--vharts N] [--flags N] [--elf FILE] [--guests FOLDER]
# A guest that tries N things at random beside one that notices, as VMs 0 and 1
# of examples/04_linux, on one emulator; without --machine, on the system's own
# QEMU. Succeeds only if the hostile one ended as it wished to, the other one found
# nothing wrong, and the hypervisor got all its table pages back. --flags is
# CONFIG_* of examples/04_linux/host.h.
set -eu
cd "$(dirname "$0")/../.."

machine= seed=1 count=20000 rounds=500 harts=2 vharts=1 flags=0
elf=build/riscv64-elf/examples/04_linux/linux_host.elf
guests=build/riscv64-elf/tests/system/hostile
while [ $# -gt 0 ]; do
    case $1,${2-} in
        --machine,?* | --elf,?* | --guests,?*) ;;
        --seed,*[!0-9]* | --count,*[!0-9]* | --rounds,*[!0-9]* | --seed, | --count, | --rounds,)
            echo "hostile: $1 wants a number, not '${2-}'" >&2
            exit 2
            ;;
        --seed,* | --count,* | --rounds,* | --harts,[1-8] | --vharts,[1-8] | --flags,[0-9]) ;;
        *) echo "hostile: there is no '$1 ${2-}'" >&2 && exit 2 ;;
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
    echo "hostile: there is no $machine here" >&2
    exit 2
fi

# Much for the guest to play with.
cpu=rv64,h=true,v=true
[ "$found" -lt 10 ] || cpu=$cpu,svnapot=true,svinval=true,svpbmt=true,zicbom=true,zicboz=true,zawrs=true

# word ADDRESS VALUE: 8 bytes of the machine's memory.
word() {
    printf '%s' "-device loader,addr=$(($1)),data=$2,data-len=8 "
}
image() {
    printf '%s' "-device loader,file=$guests/$1.bin,addr=$2,force-raw=on "
}

# struct config of examples/04_linux/host.h; GUEST_CONFIG of hostile/layout.h in each VM.
loaded=$(
    word 0x84000000 2
    word 0x84000008 "$vharts"
    word 0x84000018 "$flags"
    image hostile 0xc0200000
    word 0xc7f00000 "$seed"
    word 0xc7f00008 "$count"
    image witness 0xe0200000
    word 0xe7f00000 "$rounds"
)

console=$(mktemp)
trap 'rm -f "$console" "$console.raw"' EXIT

status=0
timeout -k 5 $((120 + count / 100 + rounds / 10)) "$qemu" -accel tcg,thread=multi -machine virt \
    -cpu "$cpu" -smp "$harts" -m 2G -display none -monitor none -serial stdio -kernel "$elf" \
    $loaded < /dev/null > "$console.raw" 2>&1 || status=$?

# The machine's own firmware has a word for many an instruction, and the guest prints what it likes.
tr -cd '\n -~' < "$console.raw" |
    sed 's/system_opcode_insn: Invalid opcode for CSR read.write instruction//g' > "$console"
grep -E '(hostile|witness|hypervisor): ' "$console" | sed 's/.*\(hostile\|witness\|hypervisor\): /\1: /' || :

fail() {
    echo "hostile: $1" >&2
    [ $status = 0 ] || echo "hostile: the machine ended with status $status" >&2
    tail -n 5 "$console" | cut -c 1-200 >&2
    exit 1
}
grep -q "witness: $rounds rounds, all right\$" "$console" || fail "the witness noticed something"
grep -Eq 'hostile: [0-9]+ trials, [0-9]+ traps, [0-9]+ interrupts, survived$' "$console" ||
    fail "the hostile guest did not come to its end"
grep -Eq '^hypervisor: ([0-9]+) of \1 table pages returned$' "$console" || fail "pages are missing"
[ $status = 0 ] || fail "the hypervisor found something wrong"
echo "hostile: seed $seed, the hypervisor survived and the witness noticed nothing"
