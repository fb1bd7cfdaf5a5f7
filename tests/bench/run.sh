#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh [--tsv]: runs the scripts below, each of which prints lines
# `metric<TAB>value`, and shows them beside the aims, limits and peers of
# targets.tsv; with --tsv only the lines. Fails if a limit is passed, a listed
# metric is missing, or a script failed.
set -eu
cd "$(dirname "$0")/../.."

# In the order of targets.tsv; a new script is one more word here.
scripts='walk insn switch mmio exits teecall covh cove kvm boot gstage text'

measured=$(mktemp)
trap 'rm -f "$measured"' EXIT
status=0
for script in $scripts; do
    if [ -e "tests/bench/$script.sh" ]; then
        "tests/bench/$script.sh" >> "$measured" || {
            echo "bench: tests/bench/$script.sh failed" >&2
            status=1
        }
    fi
done

if [ "${1-}" = --tsv ]; then
    cat "$measured"
    exit $status
fi

awk -F '\t' '
    function row(metric, value, aim, limit, unit, mark, peers) {
        printf "%-26s %8s %6s %6s  %-12s %-8s %s\n", metric, value, aim, limit, unit, mark, peers
    }
    NR == FNR { value[$1] = $2; next }
    FNR == 1 { row("metric", "value", "aim", "limit", "unit", "", "peers") }
    /^#/ { next }
    {
        known[$1] = 1
        mark = ""
        if (!($1 in value))
            mark = "missing"
        else if ($3 != "" && value[$1] + 0 > $3 + 0)
            mark = "OVER"
        else if ($2 != "" && value[$1] + 0 <= $2 + 0)
            mark = "aim met"
        if (mark == "missing" || mark == "OVER")
            bad = 1
        row($1, ($1 in value) ? value[$1] : "-", $2, $3, $4, mark, $5)
    }
    END {
        for (metric in value)
            if (!(metric in known))
                row(metric, value[metric], "", "", "", "unlisted", "")
        exit bad
    }
' "$measured" tests/bench/targets.tsv || status=1
exit $status
