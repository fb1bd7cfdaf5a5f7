#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The pages say what is so: the C in them compiles, all of a page as one file for
# riscv64; the program in README.md runs here and prints what stands below it;
# links between files lead somewhere; and docs/guide.md names every page.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
complain() {
    echo "pages: $1"
    bad=1
}

# blocks PAGE LANGUAGE: the fenced blocks of a language, without their fences.
blocks() {
    awk -v open="\`\`\`$2" '$0 == open { inside = 1; next } /^```/ { inside = 0 } inside' "$1"
}

warnings="-std=c11 -Wall -Wextra -Wpedantic -Werror -Wno-unused-function -Wno-unused-variable"
for page in docs/*.md docs/guide/*.md; do
    {
        printf '#include <stdio.h>\n#include <hvrv/hvrv.h>\n'
        blocks "$page" c
    } > "$work/page.c"
    # shellcheck disable=SC2086
    riscv64-linux-gnu-gcc $warnings -Iinclude -fsyntax-only "$work/page.c" ||
        complain "the C of $page does not compile"
done

# As the reader would do it: gcc main.c and the library's .c files.
blocks README.md c > "$work/translate.c"
# shellcheck disable=SC2046,SC2086
gcc $warnings -Iinclude -o "$work/translate" "$work/translate.c" $(grep '^lib/.*\.c$' lib/sources.txt)
{
    echo '$ ./translate'
    "$work/translate"
    echo '$ ./translate store'
    "$work/translate" store
} > "$work/printed"
blocks README.md text | sed -n '/^\$ /,$p' | diff - "$work/printed" ||
    complain "the program in README.md prints something else"

for page in README.md docs/*.md docs/guide/*.md; do
    for link in $(grep -o '](\([^)#:]*\))' "$page" | sed 's/](\(.*\))/\1/'); do
        [ -e "$(dirname "$page")/$link" ] || complain "$page links to $link, which is not there"
    done
done
for page in docs/guide/*.md; do
    grep -q "](guide/${page##*/})" docs/guide.md || complain "docs/guide.md does not name $page"
done
exit $bad
