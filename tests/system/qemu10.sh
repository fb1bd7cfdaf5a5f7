#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# qemu10.sh ARGUMENTS..: qemu-system-riscv64 of Debian 13, QEMU 10, on Debian 12,
# whose own is 7.2. The two are wrong in different things.
#
# qemu10.sh --make: makes the folder that it runs from, once (cmake/trixie.sh).
# On any other system there is nothing to make: its own QEMU is the one that the
# tests run. qemu10.sh --is-made asks.
set -eu

trixie=$(dirname "$0")/../../cmake/trixie.sh
case ${1-} in
    --make) exec "$trixie" make qemu-system-misc opensbi ;;
    --is-made) exec "$trixie" is-made qemu-system-riscv64 ;;
esac

exec "$trixie" run qemu-system-riscv64 -L "$("$trixie" root)/usr/share/qemu" "$@"
