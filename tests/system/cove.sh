#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# cove.sh ELF [--harts N] [--machine qemu7|qemu10]: boots examples/05_cove, without
# any other firmware, and shows what it tells. Succeeds only if the machine ended well and in
# time; if the last line says that the TVM lived and died and that every attack was refused, at
# least 20; if each attack has a line of its own; if the TVM's measurement is the one that
# measure.sh computes here from the TVM's image, which lies beside ELF or is COVE_IMAGE; and if the
# register that it extended is what sha384sum says.
set -u

here=$(cd "$(dirname "$0")" && pwd)
elf=$1
shift
harts=1
qemu=${QEMU:-qemu-system-riscv64}
seconds=${BOOT_SECONDS:-120}
least=20

fail() {
    echo "cove failed: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1,${2-} in
        --harts,[1-4]) harts=$2 ;;
        --machine,qemu7) ;;
        --machine,qemu10) qemu=$here/qemu10.sh ;;
        *) fail "there is no '$1 ${2-}'" ;;
    esac
    shift 2
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
console=$work/console
image=${COVE_IMAGE:-$(dirname "$elf")/cove_tvm.bin}
own='what the TVM measured by itself, as if a digest.'
register=$({ head -c 48 /dev/zero && printf %s "$own"; } | sha384sum | cut -d ' ' -f 1)
expected=$("$here/../../examples/05_cove/measure.sh" "$image") || fail "no measurement of $image"

# The number of harts lies where the firmware looks for it: CONFIG of map.h.
timeout -k 5 "$seconds" "$qemu" -machine virt -cpu rv64,h=true -m 512M -smp "$harts" \
    -display none -monitor none -serial stdio -bios none -kernel "$elf" \
    -device "loader,addr=0x80300000,data=$harts,data-len=4" < /dev/null > "$work/raw" 2>&1
status=$?
tr -d '\r' < "$work/raw" | tee "$console"

case $status in
    0) ;;
    124 | 137) fail "no end within $seconds s" ;;
    *) fail "QEMU ended with status $status" ;;
esac

count=$(tail -n 1 "$console" | sed -n 's/^cove: TVM ran and was destroyed, measurement as computed by the host, \([0-9]*\) of \1 attacks refused$/\1/p')
[ -n "$count" ] || fail "its last line does not say that all was as it should be"
[ "$count" -ge $least ] || fail "fewer than $least attacks"
! grep -q 'NOT REFUSED' "$console" || fail "an attack was not refused"
[ "$(grep -cE '^(tvm: )?attack' "$console")" = "$count" ] || fail "an attack has no line"
[ "$(sed -n 's/^tvm: measurement //p' "$console")" = "$expected" ] ||
    fail "the TVM's measurement is not that of its image, $expected"
[ "$(sed -n 's/^tvm: register 1 //p' "$console")" = "$register" ] ||
    fail "the TVM's register is not what it extended it by, $register"
