#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# state.sh ELF [CPU..]: guests that share a hart find their own floating-point and
# vector registers, on harts with both, with one, with F alone and with neither,
# or only on those of the properties CPU (such as v=true,vlen=256). QEMU in the
# environment names another emulator than the system's own.
set -eu
cd "$(dirname "$0")"

elf=$1
shift
[ $# -gt 0 ] || set -- f=true d=false f=false,d=false v=true,vlen=128 v=true,vlen=256 \
    v=true,vlen=512 v=true,vlen=1024

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# On QEMU 10 M-mode cannot change mstatus.MPV, so its firmware cannot hand an illegal
# instruction of a guest on to HS-mode: guests that would raise some are left out there.
major=$("${QEMU:-qemu-system-riscv64}" --version 2> /dev/null |
    sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p')
refused=1
if [ "$major" -ge 10 ]; then
    refused=0
    export BOOT_ARGS='-device loader,addr=0x83000000,data=1,data-len=8'
fi

# What the image must find there: fp and vlenb, and how many registers it must compare.
expected() {
    case $1 in
        d=false | f=false,d=false) echo 'fp 0, vlenb 0' 0 ;;
        f=true) echo 'fp 1, vlenb 0' 20000 ;;
        v=true,vlen=*) echo "fp 1, vlenb $((${1#v=true,vlen=} / 8))" 50000 ;;
        *) echo "state: nobody knows what to expect of '$1'" >&2 && exit 2 ;;
    esac
}

for cpu in "$@"; do
    want=$(expected "$cpu")
    # What QEMU 10 turns on that wants F or D.
    case $major,$cpu in
        [0-9],*) more= ;;
        *,f=false,d=false) more=,zfa=false,zcf=false,zcd=false ;;
        *,d=false) more=,zcd=false ;;
        *) more= ;;
    esac
    echo "state: $cpu"
    if ! BOOT_CPU=rv64,h=true,$cpu$more ./boot.sh "$elf" "$work/console" > "$work/all" 2>&1; then
        grep -E '^(state|mismatch|the hyp|boot|qemu.*requires)' "$work/all" || cat "$work/all"
        bad=1
    elif ! awk -v want="state: ${want% *}, " -v least="${want##* }" -v refused=$refused '
        index($0, want) == 1 { found = 1 }
        / [0-9]+ refused$/ && !refused == !$(NF - 1) { trapped = 1 }
        { last = $0; compared = $2 }
        END {
            exit !(found && trapped && compared >= least &&
                last == "state: " compared " registers compared, 0 mismatches")
        }' "$work/console"; then
        echo "state: not '${want% *}', or too little was done:"
        tail -n 3 "$work/console"
        bad=1
    else
        tail -n 2 "$work/console"
    fi
done
exit $bad
