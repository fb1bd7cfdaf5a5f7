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
HVRV_DOCS_HEADERS=$(grep '^include/' lib/sources.txt | tr '\n' ' ')
export HVRV_DOCS_HEADERS
HVRV_VERSION=$(sed -n 's/^ *VERSION \([0-9.]*\)$/\1/p' CMakeLists.txt)
export HVRV_VERSION

# The style brings its own dark mode, so Doxygen's is turned off where it has one.
version=$(doxygen --version | cut -d ' ' -f 1)
oldest=$(printf '%s\n' 1.9.5 "$version" | sort -V | head -n 1)
{
    cat docs/Doxyfile
    if [ "$oldest" = 1.9.5 ]; then
        echo 'HTML_COLORSTYLE = LIGHT'
    fi
} | doxygen -
