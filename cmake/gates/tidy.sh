#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tidy.sh [FLAGS]: clang-tidy over lib/ and, through it, the headers.
set -eu
cd "$(dirname "$0")/../.."

clang-tidy --quiet $(grep '^lib/.*\.c$' lib/sources.txt) -- \
    -std=c11 -ffreestanding -Iinclude "$@" 2>&1 |
    { ! grep -v -e 'warnings generated' -e '^Suppressed ' -e '^Use -header-filter'; }
