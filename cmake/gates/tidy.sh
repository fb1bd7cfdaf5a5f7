#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tidy.sh [FLAGS]: clang-tidy over lib/ and, through it, the headers.
set -eu
cd "$(dirname "$0")/../.."

# Every finding is an error (see .clang-tidy); without one, its chatter is dropped.
if ! findings=$(clang-tidy --quiet $(grep '^lib/.*\.c$' lib/sources.txt) -- \
    -std=c11 -ffreestanding -Iinclude "$@" 2>&1); then
    echo "$findings"
    exit 1
fi
