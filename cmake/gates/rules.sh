#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# rules.sh [TREE]: what the project says of the manual's rules is so. Every rule cited as
# norm:ID exists in docs/normative-rules.tsv; docs/rules has a line for each rule of each
# chapter that it covers; what is named as implementing a rule is in include/ or lib/, and a
# test cites the rule; and docs/rules.md is what cmake/rules_doc.sh prints.
set -eu
cd "${1:-$(dirname "$0")/../..}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
complain() {
    echo "rules: $1"
    bad=1
}

sed '/^#/d' docs/normative-rules.tsv | cut -f 2 > "$work/ids"
find include lib tests docs examples -type f ! -name normative-rules.tsv \
    -exec grep -HnoE 'norm:[A-Za-z0-9_-]+' {} + 2> /dev/null |
    awk -F: -v list="$work/ids" '
        BEGIN {
            while ((getline id < list) > 0)
                known[id] = 1
        }
        { cited++ }
        !($4 in known) {
            print $1 ":" $2 ": there is no rule norm:" $4
            bad = 1
        }
        END {
            if (!cited) {
                print "rules: no rule is cited anywhere: did the search fail?"
                bad = 1
            }
            exit bad
        }
    ' || bad=1

# What there is to name: macros, and every identifier outside comments. Preprocessed for
# riscv64, because accessors are made by macros and the switch is there alone.
{
    echo '#include <hvrv/hvrv.h>'
    grep '^lib/.*\.c$' lib/sources.txt | sed 's,.*,#include "&",'
} > "$work/all.c"
riscv64-linux-gnu-gcc -std=c11 -w -E -P -dD -I. -Iinclude "$work/all.c" > "$work/preprocessed" ||
    complain "the sources cannot be preprocessed"
tr -c 'A-Za-z0-9_' '\n' < "$work/preprocessed" | sort -u > "$work/names"

cmake/rules_doc.sh --cited > "$work/cited"

# The chapters and their lines, in the order of docs/normative-rules.tsv.
awk -F '\t' -v work="$work" '
    function complain(text) { print "rules: " text; bad = 1 }

    function check_names(chapter, id, list, names, count, i) {
        count = split(list, names, /, */)
        for (i = 1; i <= count; i++) {
            if (!(names[i] in defined))
                complain(chapter ".tsv: " id ": \"" names[i] "\" is not in include/ or lib/")
        }
    }

    function check_line(chapter, id) {
        if (NF != 3 || $3 == "")
            complain(chapter ".tsv: " id ": not three columns, rule, kind and text")
        if ($2 == "implemented") {
            check_names(chapter, id, $3)
            if (!(id in tested))
                complain(chapter ".tsv: " id ": implemented, but no test cites norm:" id)
        } else if ($2 != "hardware" && $2 != "caller" && $2 != "later") {
            complain(chapter ".tsv: " id ": \"" $2 "\" is no kind")
        } else if ($3 !~ /^[A-Za-z].* .*\.$/) {
            complain(chapter ".tsv: " id ": the text is no sentence")
        }
    }

    function check_chapter(chapter, path, found, n) {
        path = "docs/rules/" chapter ".tsv"
        while ((found = (getline < path)) > 0) {
            if (/^#/)
                continue
            if ((chapter, $1) in seen)
                complain(chapter ".tsv: " $1 " is there twice")
            else if (!((chapter, $1) in is_rule))
                complain(chapter ".tsv: " $1 " is no rule of the chapter")
            else if ($1 != rule[chapter, ++n])
                complain(chapter ".tsv: " $1 " is not in its place")
            if ((chapter, $1) in is_rule && rule[chapter, n] != $1)
                for (n = 1; rule[chapter, n] != $1; n++) {}
            seen[chapter, $1] = 1
            check_line(chapter, $1)
        }
        close(path)
        if (found < 0)
            complain(path " is not there")
        for (n = 1; n <= rules[chapter]; n++) {
            if (!((chapter, rule[chapter, n]) in seen))
                complain(chapter ".tsv: " rule[chapter, n] " is missing")
        }
    }

    BEGIN {
        while ((getline < (work "/names")) > 0)
            defined[$1] = 1
        while ((getline < (work "/cited")) > 0)
            tested[$1] = 1
    }

    /^#/ { next }

    FILENAME == "docs/normative-rules.tsv" {
        rule[$1, ++rules[$1]] = $2
        is_rule[$1, $2] = 1
        next
    }

    {
        if ($1 in named)
            complain("chapters.tsv: " $1 " is there twice")
        if (!($1 in rules))
            complain("chapters.tsv: the manual has no chapter " $1)
        named[$1] = 1
        title[$1] = $2
        covered[$1] = NF == 2
    }

    END {
        for (chapter in rules) {
            if (!(chapter in named))
                complain("chapters.tsv: " chapter " is missing")
        }
        for (chapter in covered) {
            if (covered[chapter])
                check_chapter(chapter)
        }
        exit bad
    }
' docs/normative-rules.tsv docs/rules/chapters.tsv > "$work/complaints" || bad=1
sort "$work/complaints"

cmake/rules_doc.sh | diff docs/rules.md - > "$work/difference" || {
    head -n 20 "$work/difference"
    complain "docs/rules.md is not what it should be: cmake/rules_doc.sh > docs/rules.md"
}
exit $bad
