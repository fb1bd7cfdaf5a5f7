#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Code size as GCC -O2 makes it for rv64gc, in bytes of .text*: each module's, and the whole
# library's. gstage's printer stands by itself; enter, fp and vector are assembly of context, and what
# serves calls and exits of TVMs is of tsm.
set -eu
cd "$(dirname "$0")/../.."

riscv64-linux-gnu-objdump -h build/riscv64-linux/libhvrv.a | awk '
    $2 == "file" && $3 == "format" {
        object = $1
        module = object
        sub(/[_.].*/, "", module)
        if (object ~ /^gstage_print/)
            module = "gstage_print"
        if (module ~ /^(enter|fp|vector)$/)
            module = "context"
        if (module ~ /^(covh|covi|covg|exit|ecall|attest|show|remote)$/)
            module = "tsm"
        if (!(module in text)) {
            text[module] = 0
            names[++count] = module
        }
    }
    $2 ~ /^\.text/ {
        size = 0
        digits = "0123456789abcdef"
        for (i = 1; i <= length($3); i++)
            size = size * 16 + index(digits, substr($3, i, 1)) - 1
        total += size
        text[module] += size
    }
    END {
        for (i = 1; i <= count; i++) {
            if (text[names[i]])
                printf "text_%s\t%d\n", names[i], text[names[i]]
        }
        printf "text_total\t%d\n", total
        exit !total
    }
'
