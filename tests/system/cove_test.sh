#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# cove_test.sh IMAGE: cove.sh believes no machine that did not do all of it. A script plays the
# emulator; IMAGE is the TVM's.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
cp "$1" "$work/image"
COVE_IMAGE=$work/image
BOOT_SECONDS=2
QEMU=$work/qemu
export COVE_IMAGE BOOT_SECONDS QEMU

# ends STATUS TEXT SCRIPT: cove.sh ends with STATUS where SCRIPT is the emulator.
ends() {
    printf '#!/bin/sh\n%s\n' "$3" > "$work/qemu"
    chmod +x "$work/qemu"
    status=0
    ./cove.sh none.elf > "$work/log" 2>&1 || status=$?
    [ "$status" = "$1" ] || {
        echo "cove_test: $2: status $status instead of $1"
        cat "$work/log"
        bad=1
    }
}

# SHA-384 as its standard has it: what measure.sh builds on.
[ "$(printf abc | sha384sum | cut -c 1-16)" = cb00753f45a35e8b ] || {
    echo "cove_test: sha384sum is none"
    bad=1
}

measurement=$(../../examples/05_cove/measure.sh "$work/image")
last='cove: TVM ran and was destroyed, measurement as computed by the host,'
attacks='for i in $(seq 22); do echo "attack $i: somebody tries something: access fault"; done'
register=$({ head -c 48 /dev/zero && printf 'what the TVM measured by itself, as if a digest.'; } |
    sha384sum | cut -d ' ' -f 1)
extended="echo 'tvm: register 1 $register'"
proof="$extended; echo 'tvm: measurement $measurement'"
verdict="echo '$last 22 of 22 attacks refused'"
ends 0 "all well" "$proof; $attacks; $verdict"
ends 0 "a console with carriage returns" "($proof; $attacks; $verdict) | sed 's/\$/\r/'"
ends 1 "nothing printed" ":"
ends 1 "an attack went through" "$proof; $attacks; echo '$last 21 of 22 attacks refused'"
ends 1 "one went through and was counted" \
    "$proof; ($attacks) | sed '3s/\$/ (NOT REFUSED)/'; $verdict"
ends 1 "an attack has no line" "$proof; ($attacks) | sed 3d; $verdict"
ends 1 "too few attacks" "$proof; ($attacks) | head -n 19; echo '$last 19 of 19 attacks refused'"
ends 1 "the host computed another measurement" \
    "$proof; $attacks; echo 'cove: TVM ran and was destroyed, measurement WRONG, 22 of 22 attacks refused'"
ends 1 "no measurement" "$extended; $attacks; $verdict"
ends 1 "the register is not extended" "($proof) | sed 's/1 [0-9a-f]*/1 0/'; $attacks; $verdict"
ends 1 "not the last line" "$proof; $attacks; $verdict; echo more"
ends 1 "QEMU failed" "$proof; $attacks; $verdict; exit 3"
ends 1 "a hang" "$proof; $attacks; $verdict; exec sleep 30"
ends 1 "no emulator" "exec /nonexistent"

# One bit of the image, and a page more.
printf '\001' | dd of="$work/image" bs=1 seek=100 conv=notrunc 2> /dev/null
ends 1 "another image" "$proof; $attacks; $verdict"
cp "$1" "$work/image"
head -c 4096 /dev/zero >> "$work/image"
ends 1 "a longer image" "$proof; $attacks; $verdict"
rm "$work/image"
ends 1 "no image" "$proof; $attacks; $verdict"
exit $bad
