#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Code size as GCC -O2 makes it for rv64gc, in bytes of .text*: the walker's, that
# of the G-stage tables without their printer, the printer's, the fences', and the
# whole library's.
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
        module = object
        sub(/[_.].*/, "", module)
        if (object ~ /^gstage_print/)
            module = "gstage_print"
        text[module] += size
    }
    END {
        count = split("walk gstage gstage_print fence", names, " ")
        for (i = 1; i <= count; i++) {
            name = names[i]
            if (!text[name]) {
                print "text: no object of " name " in the archive" > "/dev/stderr"
                status = 1
            }
            printf "text_%s\t%d\n", name, text[name]
        }
        printf "text_total\t%d\n", total
        exit status
    }
'
