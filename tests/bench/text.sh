#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Code size as GCC -O2 makes it for rv64gc, in bytes of .text*: the walker's,
# and the whole library's.
set -eu
cd "$(dirname "$0")/../.."

riscv64-linux-gnu-objdump -h build/riscv64-linux/libhvrv.a | awk '
    $2 == "file" && $3 == "format" { object = $1; sub(/:$/, "", object) }
    $2 ~ /^\.text/ {
        size = 0
        digits = "0123456789abcdef"
        for (i = 1; i <= length($3); i++)
            size = size * 16 + index(digits, substr($3, i, 1)) - 1
        total += size
        if (object ~ /^walk/)
            walk += size
    }
    END {
        if (!walk) {
            print "text: no object of the walker in the archive" > "/dev/stderr"
            exit 1
        }
        printf "text_walk\t%d\ntext_total\t%d\n", walk, total
    }
'
