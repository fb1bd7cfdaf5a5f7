#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# conformance_test.sh BUILD_DIR [MACHINE]: the conformance run finds every one of these mistakes
# in the walker. Each is made in a copy, of which an image is linked.
set -eu
cd "$(dirname "$0")/../.."
build=$1
machine=${2:+--machine $2}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missed=0

# finds NAME FILE SED: the run fails, and with a mismatch, after SED was applied to FILE.
finds() {
    dir=$(dirname "lib/$2")
    sed "$3" "lib/$2" > "$work/mistake.c"
    if cmp -s "$work/mistake.c" "lib/$2"; then
        echo "conformance_test: '$1' changes nothing in lib/$2"
        missed=1
        return
    fi
    riscv64-unknown-elf-gcc -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany \
        -ffreestanding -O2 -w -Iinclude -I"$dir" -c "$work/mistake.c" -o "$work/mistake.o"
    riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv64imac -mabi=lp64 -nostartfiles \
        -T tests/system/conformance/conformance.ld -o "$work/mistake.elf" \
        "$build"/tests/system/conformance/CMakeFiles/conformance.dir/*.obj \
        "$work/mistake.o" "$build/libhvrv.a"
    if tests/system/conformance.sh $machine --count 20000 --elf "$work/mistake.elf" \
        > "$work/log" 2>&1 || ! grep -q '^mismatch: ' "$work/log"; then
        echo "conformance_test: '$1' was not found"
        cat "$work/log"
        missed=1
    else
        echo "found after $(sed -n 's/^mismatch: .*case \([0-9]*\).*/\1/p' "$work/log" |
            head -n 1) cases: $1"
    fi
}

finds 'GPAs of any width' mmu/walk.c 's/if (pass->gpa >> walk->g_width)/if (pass->gpa == 1)/'
finds 'htval not shifted' mmu/walk.c 's/fault->htval = pass->gpa >> 2/fault->htval = pass->gpa/'
finds 'no pseudoinstruction' mmu/walk.c 's/if (is_implicit)/if (!is_implicit)/'
finds 'SUM ignored' mmu/walk.c 's/pass->walk->regime.vs_sum ?/1 ?/'
finds 'SUM for fetches' mmu/walk.c 's/if (pass->request->access == HVRV_ACCESS_FETCH)/if (0)/'
finds 'no U in the G-stage' mmu/walk.c 's/if (stage == HVRV_STAGE_G || pass/if (pass/'
finds 'stval is the GPA' mmu/walk.c 's/fault->stval = pass->request->gva.v/fault->stval = pass->gpa/'
finds 'D set on loads' mmu/walk.c \
    's/access == HVRV_ACCESS_STORE ? HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A/HVRV_PTE_A | HVRV_PTE_D/'
finds 'access faults for page faults' mmu/walk.c 's/reason == HVRV_REASON_REFUSED ? /1 ? /'
finds 'canonical or not' mmu/walk.c 's/if (!is_canonical(gva, walk->vs_unused_bits))/if (0)/'
finds 'W without R' isa/pte.c 's/if ((pte.v & (HVRV_PTE_R | HVRV_PTE_W)) == HVRV_PTE_W)/if (0)/'
finds 'reserved bits' isa/pte.c 's/if (pte.v & reserved_bits(rules))/if (0)/'
finds 'misaligned superpages' isa/pte.c 's/if (!hvrv_bits_is_aligned(.*/if (0)/'
finds 'A in pointers' mmu/walk_init.c 's/HVRV_PTE_U | HVRV_PTE_A | HVRV_PTE_D;/HVRV_PTE_U | HVRV_PTE_D;/'
finds 'no A in the fast path' mmu/walk_init.c 's/HVRV_PTE_A | HVRV_PTE_D : HVRV_PTE_A;/HVRV_PTE_A | HVRV_PTE_D : 0;/'
finds 'any user in the fast path' mmu/walk_init.c 's/if (!any_page)/if (0)/'
exit $missed
