#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# doxygen.sh DIRECTORY: every public name is documented, and Doxygen has nothing
# to warn about.
set -eu
output=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."

# What stands in a header without @file is passed over in silence.
bad=0
for header in $(find include -name '*.h' -exec grep -L '@file' {} +); do
    echo "doxygen: $header has no comment with @file"
    bad=1
done
cmake/docs.sh "$output" > /dev/null
exit $bad
