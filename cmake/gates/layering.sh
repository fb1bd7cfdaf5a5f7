#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# A file uses only files that stand before it in lib/sources.txt, a floor only
# floors below it, and nothing uses more of the C library than three headers.
set -eu
cd "$(dirname "$0")/../.."

{
    sed '/^#/d; /^$/d; s/^/listed /' lib/sources.txt
    find include lib -name '*.[chS]' | sort | sed 's/^/present /'
    find include lib -name '*.[chS]' -exec grep -Hn '^ *# *include' {} + |
        sed -E 's/^([^:]*):([0-9]+): *# *include */include \1 \2 /'
} | awk '
    function complain(text) { print "layering: " text; bad = 1 }

    # include/hvrv/mmu/walk.h and lib/mmu/walk.c are of the floor mmu; status.h,
    # which stands in no folder, is below all; hvrv.h, which includes all, above.
    function floor_of(path, parts) {
        sub(/^include\/hvrv\//, "", path)
        sub(/^lib\//, "", path)
        if (path == "hvrv.h")
            return 99
        return split(path, parts, "/") == 1 ? 0 : height[parts[1]]
    }

    # The path that an #include in the file names; "" for one of the C library.
    function target_of(file, name) {
        if (name ~ /^<hvrv\/.*>$/)
            return "include/" substr(name, 2, length(name) - 2)
        if (name ~ /^".*"$/) {
            sub(/[^\/]*$/, "", file)
            name = file substr(name, 2, length(name) - 2)
            while (sub(/[^\/]+\/\.\.\//, "", name)) {}
            return name
        }
        return ""
    }

    BEGIN {
        count = split("isa port mmu vhart dev sbi cove", floors, " ")
        for (i = 1; i <= count; i++)
            height[floors[i]] = i
    }

    $1 == "listed" {
        if ($2 in place)
            complain($2 " is listed twice")
        place[$2] = NR
        if (!floor_of($2) && $2 !~ /status/)
            complain($2 " is on no floor")
        if (floor_of($2) < highest)
            complain($2 " is listed after a file of a higher floor")
        highest = floor_of($2)
    }

    $1 == "present" {
        present[$2] = 1
        if (!($2 in place))
            complain($2 " is not in lib/sources.txt")
    }

    $1 == "include" && $2 in place {
        target = target_of($2, $4)
        if (target == "") {
            if ($4 !~ /^<std(int|def|bool)\.h>$/)
                complain($2 ":" $3 ": only stdint, stddef and stdbool may be included, not " $4)
        } else if (!(target in place)) {
            complain($2 ":" $3 ": " target " is not in lib/sources.txt")
        } else if (place[target] >= place[$2]) {
            complain($2 ":" $3 ": " target " stands after " $2)
        }
    }

    END {
        for (path in place)
            if (!(path in present))
                complain(path " is listed but not there")
        exit bad
    }
'
