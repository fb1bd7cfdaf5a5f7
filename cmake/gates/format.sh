#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Every C file is as clang-format would write it; `./run format` makes it so.
# With --fix, rewrites the files.
set -eu
cd "$(dirname "$0")/../.."

if [ "${1-}" = --fix ]; then
    how=-i
else
    how='--dry-run -Werror'
fi

# Tracked files; in a tree without git, all that are there.
if git rev-parse --git-dir > /dev/null 2>&1; then
    git ls-files '*.c' '*.h'
else
    find include lib tests examples -name '*.[ch]'
fi | while IFS= read -r file; do
    [ ! -e "$file" ] || printf '%s\n' "$file"
done | xargs clang-format $how
