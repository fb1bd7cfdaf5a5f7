#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# symbols.sh ARCHIVE: nothing in it can change at run time, and nothing is asked
# of whoever links it but the four functions that compilers call by themselves.
set -eu
archive=$1

# riscv64's nm reads the archives of every machine that its binutils know; an
# ELF reader that knows them all is not everywhere, so the first that can is taken.
symbols=
for nm in nm riscv64-linux-gnu-nm aarch64-linux-gnu-nm llvm-nm llvm-nm-14; do
    if symbols=$($nm --format=sysv "$archive" 2> /dev/null) && [ -n "$symbols" ]; then
        break
    fi
done

# Columns: name, value, class, type, size, line, section. A constant table with
# pointers in it stands in .data.rel.ro where code is position-independent.
echo "$symbols" | awk -F '|' -v archive="$archive" '
    { gsub(/ /, "") }
    NF != 7 || $1 == "Name" { next }
    { count++ }
    $3 == "U" { wanted[$1] = 1; next }
    { defined[$1] = 1 }
    $3 ~ /^[BbDdCcGgSs]$/ && $7 !~ /^\.data\.rel\.ro/ {
        print archive ": mutable data: " $1 " in " $7
        bad = 1
    }
    END {
        for (name in wanted)
            if (!(name in defined) && name !~ /^mem(cpy|set|move|cmp)$/) {
                print archive ": asks for " name
                bad = 1
            }
        if (!count) {
            print archive ": no symbols could be read"
            bad = 1
        }
        exit bad
    }
'
