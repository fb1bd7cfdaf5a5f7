#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# deps.sh VERB: installs the packages of cmake/packages.txt that VERB needs and
# this machine has not; says first which and what for. Debian and Ubuntu; on
# another system, or where root cannot be had, it names them and fails.
set -eu
cd "$(dirname "$0")"
verb=$1

# is_there PROBE: a command; a path, which may be a pattern; or trixie:COMMAND, which
# trixie.sh brings on Debian 12 and a package elsewhere.
is_there() {
    case $1 in
        /*) ls -d $1 > /dev/null 2>&1 ;;
        trixie:*) ./trixie.sh is-wanted || command -v "${1#*:}" > /dev/null ;;
        *) command -v "$1" > /dev/null ;;
    esac
}

# Lines "PACKAGES WHY" of what is not there.
missing=$(grep -v '^#' packages.txt | while read -r verbs packages probe why; do
    case ,$verbs, in
        *,"$verb",*) is_there "$probe" || echo "$packages $why" ;;
    esac
done)
[ -n "$missing" ] || exit 0

echo "./run $verb needs what is not installed here:"
echo "$missing" | while read -r packages why; do
    printf '    %-26s %s\n' "$packages" "$why"
done

fail() {
    echo "run: $1; please install the packages above yourself" >&2
    exit 1
}

system=$(. /etc/os-release 2> /dev/null && echo "${ID-} ${ID_LIKE-}") || system=
case " $system " in
    *' debian '* | *' ubuntu '*) ;;
    *) fail "this system is not Debian or Ubuntu" ;;
esac
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo > /dev/null; then
    as_root=sudo
else
    fail "not root, and there is no sudo"
fi

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=600 "$@" < /dev/null
}

apt update || fail "apt-get update failed"

# Of several names of one package, the first that can be installed.
chosen=
for packages in $(echo "$missing" | cut -d ' ' -f 1); do
    for package in $(echo "$packages" | tr , ' '); do
        if [ "$package" = - ] || apt-cache show "$package" > /dev/null 2>&1; then
            break
        fi
    done
    if [ "$package" = - ]; then
        echo "this release has no ${packages%,-}; going on without"
    else
        chosen="$chosen $package"
    fi
done
[ -n "$chosen" ] || exit 0

echo "installing with apt-get${as_root:+ under sudo}:$chosen"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! apt install --no-install-recommends $chosen > "$log" 2>&1; then
    cat "$log" >&2
    fail "apt-get install failed"
fi
