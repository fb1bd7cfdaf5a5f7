#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# compare_output.sh EXPECTED COMMAND..: runs a command and compares what it
# prints, line by line, with a file.
set -eu

expected=$1
shift
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
"$@" > "$printed"
diff -u "$expected" "$printed"
