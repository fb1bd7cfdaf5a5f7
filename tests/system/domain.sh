#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# domain.sh ELF HARTS [CPU..]: the TSM and the host of tests/system/domain find no register and no
# memory of each other, on harts of several kinds or only on those of the properties CPU (such as
# sstc=false). QEMU in the environment names another emulator than the system's own.
set -eu
cd "$(dirname "$0")"

elf=$1
harts=$2
shift 2
if [ $# -eq 0 ]; then
    set -- rv64,h=true rv64,h=true,sstc=false
    # QEMU 7 has none of what is beyond these.
    major=$("${QEMU:-qemu-system-riscv64}" --version 2> /dev/null |
        sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p')
    [ "$major" -lt 10 ] || set -- "$@" rv64,h=true,smstateen=true max
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for cpu in "$@"; do
    if ! timeout "${BOOT_SECONDS:-120}" "${QEMU:-qemu-system-riscv64}" -machine virt -cpu "$cpu" \
        -m 512M -smp "$harts" -display none -monitor none -serial stdio -bios none \
        -kernel "$elf" -device loader,addr=0x80300000,data="$harts",data-len=4 \
        < /dev/null > "$log" 2> /dev/null ||
        ! grep -q "^domain: harts 0x$harts, CSRs 0x[0-9a-f]*, ok" "$log"; then
        sort "$log" | uniq -c | head -n 20
        echo "domain: $harts harts $cpu: it failed"
        exit 1
    fi
    echo "$cpu: $(tr -d '\r' < "$log")"
done
