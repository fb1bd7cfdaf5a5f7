#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# docs.sh DIRECTORY: builds the documentation into DIRECTORY/html. Whatever
# Doxygen has to complain about is an error. The style is doxygen-awesome-css
# as the distribution packages it; without it, Doxygen's own.
set -eu
output=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."

style=${DOXYGEN_AWESOME:-/usr/share/doxygen-awesome-css}
stylesheets=
if [ -e "$style/doxygen-awesome.css" ]; then
    stylesheets="$style/doxygen-awesome.css $style/doxygen-awesome-sidebar-only.css"
else
    echo "docs: doxygen-awesome-css is not installed, taking Doxygen's own style"
fi

export HVRV_DOCS_OUTPUT="$output"
export HVRV_DOCS_STYLESHEETS="$stylesheets"
HVRV_VERSION=$(sed -n 's/^ *VERSION \([0-9.]*\)$/\1/p' CMakeLists.txt)
export HVRV_VERSION
doxygen docs/Doxyfile
