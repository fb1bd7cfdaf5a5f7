#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# domain_test.sh BUILD_DIR: the TSM and the host of tests/system/domain find every one of these
# mistakes: each CSR left out of the exchange, and others. Each is made in a copy, of which an
# image is linked.
set -eu
cd "$(dirname "$0")/../.."
build=$1
objects=$build/tests/system/domain/CMakeFiles/domain.dir

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missed=0

# build_and_find NAME FILE: $work/FILE's name, compiled instead of what is in FILE, is noticed.
build_and_find() {
    source=$work/$(basename "$2")
    riscv64-unknown-elf-gcc -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany \
        --specs=picolibc.specs -ffreestanding -O2 -w -I"$work/include" -Iinclude \
        -Iexamples/05_cove/common -Iexamples/05_cove/firmware -c "$source" -o "$work/mistake.o"
    # shellcheck disable=SC2046
    riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv64imac -mabi=lp64 -nostartfiles \
        -T examples/05_cove/common/image.ld -Wl,--no-warn-rwx-segments,--gc-sections \
        -Wl,--defsym=IMAGE_BASE=0x80000000 -Wl,--defsym=IMAGE_SIZE=0x300000 \
        -o "$work/mistake.elf" \
        $(find "$objects" -name '*.obj' ! -name "$(basename "$2").obj") \
        "$work/mistake.o" "$build/libhvrv.a"
    if BOOT_SECONDS=10 tests/system/domain.sh "$work/mistake.elf" 1 rv64,h=true > "$work/log" 2>&1; then
        echo "domain_test: '$1' was not found"
        missed=1
    else
        echo "found: $1: $(sed -n 's/^ *[0-9]* mismatch: //p' "$work/log" | head -n 1)"
    fi
}

# finds NAME FILE SED: FILE with SED applied.
finds() {
    sed "$3" "$2" > "$work/$(basename "$2")"
    if cmp -s "$work/$(basename "$2")" "$2"; then
        echo "domain_test: '$1' changes nothing in $2"
        missed=1
        return
    fi
    build_and_find "$1" "$2"
}

# Each register that QEMU 7 has, and not as zeros; its vsie shows no more than hie.
mkdir -p "$work/include/hvrv/cove"
for name in $(sed -n '/define HVRV_DOMAIN_CSR_COMMON_LIST/,/^$/s/.*X(\([a-z0-9]*\), \(0\|HVRV_DOMAIN_HAS_ENVCFG\|HVRV_DOMAIN_HAS_SSTC\)).*/\1/p' include/hvrv/cove/domain.h); do
    case $name in vsie | htinst | hgeie) continue ;; esac
    sed "s/X($name, [^)]*)/X($name, UINT32_C(1) << 31)/" include/hvrv/cove/domain.h \
        > "$work/include/hvrv/cove/domain.h"
    cp lib/cove/domain.c "$work/domain.c"
    build_and_find "$name is not exchanged" lib/cove/domain.c
done
rm -r "$work/include"

s=lib/cove/domain.S
c=lib/cove/domain.c
p=examples/05_cove/firmware/protect.c
finds 's5 is not saved' $s '/sd      s5, /d'
finds 't3 is not loaded' $s '/ld      t3, /d'
finds 'gp is loaded from tp' $s 's/ld      gp, HVRV_DOMAIN_X(3)/ld      gp, HVRV_DOMAIN_X(4)/'
finds 'a register of the caller reaches the callee' $c 's/^#define CLEAR(n).*/#define CLEAR(n) to[n] = from[n];/'
finds 'the callee finds what it left' $c 's/^#define CLEAR(n).*/#define CLEAR(n)/'
finds 'the caller finds a2 of the callee' $c 's/caller->context.x\[A1\] = x\[A1\];/& caller->context.x[A2] = x[A2];/'
finds 'the caller does its ECALL again' $c 's/caller->context.pc += 4;//'
finds 'a call interrupts a call' $c 's/callee->state != HVRV_DOMAIN_READY || //'
finds 'an interrupted call loses its CSRs' $c 's/save(&hart->config, &callee->context.csr);//'
finds 'a call begins with interrupts enabled' $c 's/callee->start.sie = 0;//'
finds 'a call begins with the old cause' $c 's/callee->start.scause = .*//'
finds 'the host reaches the TSM' $p 's/memory = {HOST,/memory = {TSM,/'
finds 'the host reaches what the TSM does' $p 's/csrc pmpcfg2/csrs pmpcfg2/'
finds 'the TSM reaches the firmware' $p 's/csrs pmpcfg0/csrc pmpcfg0/'
finds 'pages taken are not closed' $p 's/written\[hart\] != __atomic.*/written[hart] == 0)/'
finds 'pages given back stay closed' $p 's/status = to_host ? .*/status = to_host ? HVRV_OK/'
exit $missed
