#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# objdump.sh TEST: runs the test with HVRV_OBJDUMP set to an objdump for RISC-V that
# knows the extensions which are compared, as binutils 2.44 does: the system's, or on
# Debian 12, whose own is 2.40, that of Debian 13. Exit status 77: there is none here.
#
# objdump.sh --make: makes the folder with Debian 13's, once (cmake/trixie.sh).
set -eu

trixie=$(cd "$(dirname "$0")/../../cmake" && pwd)/trixie.sh
[ "${1-}" != --make ] || exec "$trixie" make binutils-riscv64-linux-gnu

bits=$(mktemp)
trap 'rm -f "$bits"' EXIT
printf '\057\105\300\050' > "$bits" # amocas.q a0, a2, (zero)

for objdump in riscv64-linux-gnu-objdump riscv64-unknown-elf-objdump \
    "$trixie run riscv64-linux-gnu-objdump"; do
    # shellcheck disable=SC2086
    if $objdump -D -b binary -m riscv:rv64 -M max "$bits" 2> /dev/null | grep -q 'amocas\.q'; then
        HVRV_OBJDUMP=$objdump "$@"
        exit
    fi
done
echo "objdump.sh: no objdump here knows AMOCAS.Q: binutils 2.44 does" >&2
exit 77
