#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# rules_doc.sh [--cited]: prints docs/rules.md from docs/rules/*.tsv and from the tests
# that cite rules: cmake/rules_doc.sh > docs/rules.md. With --cited it prints those alone:
# rule, file, test, separated by tabs.
#
# docs/rules/chapters.tsv names the chapters of docs/normative-rules.tsv: chapter, title,
# and why it is not covered, if it is not. One that is has a file docs/rules/CHAPTER.tsv
# with a line for each of its rules: rule, kind, text. The kinds, and what the text is, are
# told in the page; `later` is the fourth, and appears as "not yet".
set -eu
cd "$(dirname "$0")/.."

# A test is a function that takes CMocka's state, or a harness of a proof. It cites what
# stands in the comment directly above it and in its body.
cited() {
    find tests -name '*.c' | LC_ALL=C sort | xargs awk '
        function flush(name) {
            for (i = 1; i <= count; i++)
                print pending[i] "\t" substr(FILENAME, 7) "\t" name
            count = 0
        }
        FNR == 1 { count = 0; test = ""; in_comment = 0 }
        /^}/ { test = "" }
        test == "" && !in_comment && /^[a-zA-Z_#{]/ {
            if (/^[a-z].*\(void \*\*state\)$/ || (FILENAME ~ /^tests\/proof\// && /^void .*\(void\)$/)) {
                test = $0
                sub(/\(.*/, "", test)
                sub(/.*[ *]/, "", test)
                flush(test)
            }
            count = 0
        }
        {
            rest = $0
            while (match(rest, /norm:[A-Za-z0-9_-]+/)) {
                pending[++count] = substr(rest, RSTART + 5, RLENGTH - 5)
                rest = substr(rest, RSTART + RLENGTH)
            }
            if (test != "")
                flush(test)
            rest = $0
            gsub(/\/\*([^*]|\*[^\/])*\*\//, "", rest)
            if (rest ~ /\/\*/)
                in_comment = 1
            if (rest ~ /\*\//)
                in_comment = 0
        }
    ' | LC_ALL=C sort -u
}

[ "${1-}" != --cited ] || {
    cited
    exit
}

cited | awk -F '\t' '
    function cell(text) { gsub(/\|/, "\\|", text); return text }

    function code(list) { gsub(/, */, "`, `", list); return "`" list "`" }

    function read_chapters(path, fields) {
        while ((getline < path) > 0) {
            if (/^#/ || NF < 2)
                continue
            chapters[++chapter_count] = $1
            title[$1] = $2
            excuse[$1] = $3
        }
    }

    function read_rules(chapter, path) {
        path = "docs/rules/" chapter ".tsv"
        while ((getline < path) > 0) {
            if (/^#/ || NF < 3)
                continue
            n = ++rule_count[chapter]
            rule[chapter, n] = $1
            kind[chapter, n] = $2
            text[chapter, n] = $3
            of_kind[chapter, $2]++
            of_kind["", $2]++
            rule_count[""]++
        }
    }

    function print_row(chapter, n, id) {
        id = rule[chapter, n]
        if (kind[chapter, n] == "implemented")
            print "| `" id "` | implemented | " code(text[chapter, n]) " | " tests[id] " |"
        else
            print "| `" id "` | " words[kind[chapter, n]] " | " cell(text[chapter, n]) " | |"
    }

    function print_sums(name, chapter) {
        print "| " name " | " rule_count[chapter] + 0 " | " of_kind[chapter, "implemented"] + 0 \
            " | " of_kind[chapter, "hardware"] + 0 " | " of_kind[chapter, "caller"] + 0 \
            " | " of_kind[chapter, "later"] + 0 " |"
    }

    { # of the citations, ordered by rule and file
        if (last[$1] == $2)
            tests[$1] = tests[$1] ", `" $3 "`"
        else
            tests[$1] = tests[$1] (tests[$1] == "" ? "" : "; ") $2 ": `" $3 "`"
        last[$1] = $2
    }

    END {
        words["hardware"] = "hardware"
        words["caller"] = "caller"
        words["later"] = "not yet"
        read_chapters("docs/rules/chapters.tsv")
        print "<!-- SPDX-License-Identifier: BSD-2-Clause -->"
        print "# The rules of the manual"
        print ""
        print "Every normative rule of the chapters below, by the id that it has in the RISC-V"
        print "privileged manual, and what the library makes of it. `cmake/rules_doc.sh` prints this"
        print "page from `docs/rules` and from the tests, which cite the rules that they test by id;"
        print "a gate compares. The first line of `docs/normative-rules.tsv` says which edition of the"
        print "manual it is, where the text of each rule stands at its id."
        print ""
        print "| What | Meaning |"
        print "|---|---|"
        print "| implemented | the library does it, in what is named; the tests named fail if it does not |"
        print "| hardware | a hart does it; said is what the library relies on, or why it need do nothing |"
        print "| caller | whoever uses the library has to do it |"
        print "| not yet | part of a module that is still to come |"
        print ""
        print "| Chapter | Rules | implemented | hardware | caller | not yet |"
        print "|---|---|---|---|---|---|"
        for (i = 1; i <= chapter_count; i++) {
            if (excuse[chapters[i]] != "")
                continue
            read_rules(chapters[i])
            print_sums(title[chapters[i]], chapters[i])
        }
        print_sums("all", "")
        print ""
        print "Not covered:"
        print ""
        for (i = 1; i <= chapter_count; i++) {
            if (excuse[chapters[i]] != "")
                print "- " title[chapters[i]] ": " excuse[chapters[i]]
        }
        for (i = 1; i <= chapter_count; i++) {
            if (excuse[chapters[i]] != "")
                continue
            print ""
            print "## " title[chapters[i]]
            print ""
            print "| Rule | What | Where, or why | Tests |"
            print "|---|---|---|---|"
            for (n = 1; n <= rule_count[chapters[i]]; n++)
                print_row(chapters[i], n)
        }
    }
'
