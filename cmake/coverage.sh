#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# coverage.sh BUILD: prints how much of lib/ and of the headers' inline functions
# the tests ran in a build of the preset "coverage", and fails below the limits.
set -eu
build=$1
cd "$(dirname "$0")/.."

lines=97
branches=90

status=0
gcovr --root . --filter 'lib/' --filter 'include/' "$build" --txt "$build/lines.txt" \
    --print-summary --fail-under-line $lines --fail-under-branch $branches || status=$?
gcovr --root . --filter 'lib/' --filter 'include/' "$build" --branches --txt "$build/branches.txt"

sed -n '/^File/,$p' "$build/lines.txt"
if [ "$status" != 0 ]; then
    echo "coverage: below $lines % of lines or $branches % of branches; the branches not taken:"
    sed -n '/^File/,$p' "$build/branches.txt"
fi
exit $status
