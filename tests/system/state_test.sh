#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# state_test.sh BUILD_DIR: the guests of state.sh find every one of these mistakes.
# Each is made in a copy, of which an image is linked.
set -eu
cd "$(dirname "$0")/../.."
build=$1
objects=$build/tests/system/state/CMakeFiles/state.dir

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missed=0

# finds NAME CPU FILE SED: on CPU the run fails by itself, after SED was applied to FILE.
finds() {
    kind=${3##*.}
    sed "$4" "lib/$3" > "$work/mistake.$kind"
    if cmp -s "$work/mistake.$kind" "lib/$3"; then
        echo "state_test: '$1' changes nothing in lib/$3"
        missed=1
        return
    fi
    riscv64-unknown-elf-gcc -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany \
        -ffreestanding -O2 -w -Iinclude -Ilib/vhart -c "$work/mistake.$kind" -o "$work/mistake.o"
    # shellcheck disable=SC2046
    riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv64imac -mabi=lp64 -nostartfiles \
        -T examples/common/host.ld -Wl,--no-warn-rwx-segments -o "$work/mistake.elf" \
        $(find "$objects" -name '*.obj') "$work/mistake.o" "$build/libhvrv.a"
    if BOOT_SECONDS=20 tests/system/state.sh "$work/mistake.elf" "$2" > "$work/log" 2>&1 ||
        ! grep -Eq '^(mismatch|the hypervisor trapped): ' "$work/log"; then
        echo "state_test: '$1' was not found"
        cat "$work/log"
        missed=1
    else
        echo "found: $1: $(sed -n 's/^\(mismatch\|the hypervisor trapped\): //p' "$work/log" | head -n 1)"
    fi
}

v=v=true,vlen=256
state=vhart/bind_state.c
finds 'never stored' f=true $state 's/state_of(vhart, field) == DIRTY/false/; s/hvrv_bits_get(vhart->csr.*/false;/'
finds 'vectors never stored' $v $state '/hvrv_vhart_vector_save/d; s/if (is_due(vhart, HVRV_SSTATUS_VS))//'
finds 'floating point not loaded' f=true $state '/hvrv_vhart_fp_load/d'
finds 'vectors not loaded' $v $state '/hvrv_vhart_vector_load/d'
finds 'floating point not cleared' f=true $state 's/hvrv_vhart_fp_clear();/;/'
finds 'vectors not cleared' $v $state 's/hvrv_vhart_vector_clear();/;/'
finds 'F alone is left on' d=false $state 's/if (!probe->fp)$/if (0)/'
finds 'F alone is floating point' d=false port/probe.c 's/ && hvrv_hart_has_double(hart)//'
finds 'FS for VS' $v vhart/vector.S 's/^#define SSTATUS_VS_DIRTY .*/#define SSTATUS_VS_DIRTY 0x6000/'
finds 'VS for FS' f=true vhart/fp.S 's/^#define SSTATUS_FS_DIRTY .*/#define SSTATUS_FS_DIRTY 0x600/'
finds 'a VLEN of 128' $v vhart/vector.S 's/csrr    t0, CSR_VLENB/li      t0, 16/'
finds 'vstart not zeroed at save' $v vhart/vector.S 's/csrrw   t1, CSR_VSTART, zero/csrr    t1, CSR_VSTART/'
finds 'vstart not loaded' $v vhart/vector.S 's/ld      t1, HVRV_VHART_VECTOR_VSTART(a0)/li      t1, 0/'
finds 'vtype not loaded' $v vhart/vector.S '/vsetvl zero, t3, t4/d'
finds 'vcsr not loaded' $v vhart/vector.S '/csrw    CSR_VCSR, t2/d'
finds 'fcsr not loaded' f=true vhart/fp.S '/csrw    CSR_FCSR, t2/d'
finds 'sstatus of the host not put back' $v vhart/vector.S '/csrw    sstatus, t6/d'
exit $missed
