#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# doxygen.sh DIRECTORY: every public name is documented, and Doxygen has nothing
# to warn about.
set -eu
exec "$(dirname "$0")/../docs.sh" "$1" > /dev/null
