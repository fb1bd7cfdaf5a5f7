#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# docs_page.sh FILE.md: the page as Doxygen is to see it. It begins with its title,
# which gets an id made of its path, such as page_docs_guide_walk; images are found by IMAGE_PATH; and the links
# from docs/guide.md to the pages of the guide make them its subpages, in that order.
set -eu
path=${1#"$PWD"/}
id=
subpages=
case $path in
    docs/*) id=" {#page_$(echo "${path%.md}" | tr / _)}" ;;
esac
[ "$path" != docs/guide.md ] ||
    subpages='s,\[\([a-z]*\)\](guide/\1\.md),@subpage page_docs_guide_\1 "\1",'
sed "1{/^<!--/d;}; 0,/^# /s,^# .*,&$id,; s,](../images/,](images/,; $subpages" "$1"
