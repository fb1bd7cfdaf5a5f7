#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# conformance.sh [--machine qemu7|qemu10|..] [--seed S] [--count N | --case C] [--elf FILE]
#                [--board virt|spike]
# conformance.sh --list
# Random accesses on one emulator: what it does against what the walker says.
# Without --machine, on the system's own QEMU. Succeeds only if every access
# was done and none is a mismatch. --list names the machines that are here.
set -eu
cd "$(dirname "$0")/../.."

machine=
seed=1
count=100000
first=0
board=virt
elf=build/riscv64-elf/tests/system/conformance/conformance.elf
[ "${1-}" != --list ] || set -- --machine list
while [ $# -gt 0 ]; do
    if [ $# -lt 2 ]; then
        echo "conformance: $1 wants a value" >&2
        exit 2
    fi
    case $1,$2 in
        --seed,*[!0-9]* | --count,*[!0-9]* | --case,*[!0-9]* | --count,0)
            echo "conformance: $1 wants a number, not '$2'" >&2
            exit 2
            ;;
    esac
    case $1 in
        --machine) machine=$2 ;;
        --seed) seed=$2 ;;
        --count) count=$2 ;;
        --case) first=$2 count=1 ;;
        --elf) elf=$2 ;;
        --board) board=$2 ;;
        *) echo "conformance: there is no option '$1'" >&2 && exit 2 ;;
    esac
    shift 2
done

# The emulators that are here: the system's own, and where it is another, Debian 13's.
own=qemu-system-riscv64
other=tests/system/qemu10.sh

# version EMULATOR: 10.0.13, or nothing.
version() {
    "$1" --version 2> /dev/null | sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p'
}

# name VERSION: qemu10
name() {
    echo "qemu${1%%.*}"
}

if [ "$machine" = list ]; then
    name "$(version $own)"
    ! $other --is-made || name "$(version $other)"
    exit
fi

qemu=$own
found=$(version $own)
if [ -n "$machine" ] && [ "$(name "$found")" != "$machine" ] && $other --is-made; then
    qemu=$other
    found=$(version $other)
fi
if [ -n "$machine" ] && [ "$(name "$found")" != "$machine" ]; then
    echo "conformance: there is no $machine here" >&2
    exit 2
fi
IFS=. read -r major minor micro << TEXT
$found
TEXT
number=$((major << 16 | minor << 8 | micro))

# QEMU 7 has no ADUE; and where it has Svnapot or Svpbmt, it looks at no reserved bit at all.
cpu=rv64,h=true
[ "$major" -lt 10 ] || cpu=$cpu,svadu=true,svnapot=true,svpbmt=true,svinval=true

# The words of struct config, at CONFIG_BASE of layout.h.
words=
address=$((0x807ff000))
for word in 0x6d726f666e6f6376 "$seed" "$first" "$count" "$number"; do
    words="$words -device loader,addr=$address,data=$word,data-len=8"
    address=$((address + 8))
done

console=$(mktemp)
trap 'rm -f "$console"' EXIT
status=0
timeout -k 5 $((60 + count / 250)) "$qemu" -machine "$board" -cpu "$cpu" -m 256M -display none \
    -monitor none -serial stdio -bios none -kernel "$elf" $words < /dev/null > "$console" 2>&1 ||
    status=$?
grep -v 'module' "$console"
if [ $status != 0 ]; then
    echo "conformance: the machine ended with status $status" >&2
    exit 1
fi
tail -n 1 "$console" |
    grep -Eq "^conformance: qemu $found: $count accesses, 0 mismatches, [0-9]+ known deviations\$"
