#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Every normative rule cited as norm:ID exists in docs/normative-rules.tsv.
set -eu
cd "$(dirname "$0")/../.."

list=$(mktemp)
trap 'rm -f "$list"' EXIT
sed '/^#/d' docs/normative-rules.tsv | cut -f 2 > "$list"

find include lib tests docs examples -type f ! -name normative-rules.tsv \
    -exec grep -HnoE 'norm:[A-Za-z0-9_-]+' {} + 2> /dev/null |
    awk -F: -v list="$list" '
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
    '
