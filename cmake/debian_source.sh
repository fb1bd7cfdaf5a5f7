#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# debian_source.sh PACKAGE FOLDER: the upstream sources of one of the distribution's packages, into
# FOLDER/source. What apt writes on the way is in FOLDER, too.
set -eu
package=$1
work=$2
cd "$work"

# apt with the machine's own mirrors asked for sources, in directories of its
# own: the system's lists stay as they are.
mkdir -p sources.list.d lists/partial cache/archives/partial
for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources; do
    [ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" > "sources.list.d/${list##*/}"
done
[ ! -e /etc/apt/sources.list ] ||
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > sources.list.d/system.list

private_apt() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources.list.d" \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

private_apt update > apt.log 2>&1 || true # a mirror that fails shows in the next command
if ! private_apt source --tar-only "$package" >> apt.log 2>&1; then
    cat apt.log >&2
    echo "debian_source: no source package of $package from this machine's mirrors" >&2
    exit 1
fi
mkdir source
tar -xf "$package"_*.orig.tar.?z -C source --strip-components=1
