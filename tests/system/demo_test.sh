#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# demo_test.sh: demo.sh and gstage.sh believe no machine that did not do all of
# it. A script plays the emulator.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# ends STATUS TEXT SCRIPT: $judge ends with STATUS where SCRIPT is the emulator.
ends() {
    printf '#!/bin/sh\n%s\n' "$3" > "$work/qemu"
    chmod +x "$work/qemu"
    status=0
    QEMU="$work/qemu" BOOT_SECONDS=1 ./$judge > "$work/log" 2>&1 || status=$?
    [ "$status" = "$1" ] || {
        echo "demo_test: $judge: $2: status $status instead of $1"
        cat "$work/log"
        bad=1
    }
}

judge='demo.sh none.elf'
walks='demo: software walk agreed with hardware on'
ends 0 "all agreed" "echo hello; echo '$walks 32 of 32 addresses, guest exited 0'"
ends 0 "a console with carriage returns" "printf '%s\r\n' '$walks 48 of 48 addresses, guest exited 0'"
ends 1 "one disagreed" "echo '$walks 47 of 48 addresses, guest exited 0'"
ends 1 "too few" "echo '$walks 31 of 31 addresses, guest exited 0'"
ends 1 "the guest failed" "echo '$walks 48 of 48 addresses, guest exited 1'"
ends 1 "QEMU failed" "echo '$walks 48 of 48 addresses, guest exited 0'; exit 3"
ends 1 "not the last line" "echo '$walks 48 of 48 addresses, guest exited 0'; echo more"
ends 1 "nothing printed" ":"
ends 1 "a hang" "echo '$walks 48 of 48 addresses, guest exited 0'; exec sleep 30"
ends 1 "no emulator" "exec /nonexistent"

judge='gstage.sh none.elf'
good='gstage: 69 dirty pages found, 69 expected; 9 of 9 table pages returned'
ends 0 "all found, all returned" "echo '$good'"
ends 1 "a page missed" "echo 'gstage: 68 dirty pages found, 69 expected; 9 of 9 table pages returned'"
ends 1 "too few" "echo 'gstage: 31 dirty pages found, 31 expected; 9 of 9 table pages returned'"
ends 1 "a table lost" "echo 'gstage: 69 dirty pages found, 69 expected; 8 of 9 table pages returned'"
ends 1 "no tables" "echo 'gstage: 69 dirty pages found, 69 expected; 0 of 0 table pages returned'"
ends 1 "QEMU failed" "echo '$good'; exit 1"
ends 1 "not the last line" "echo '$good'; echo more"
ends 1 "nothing printed" ":"

judge="gstage.sh none.elf $work/expected"
printf '%s\n' 'region one' "$good" > "$work/expected"
ends 0 "what it should, behind the firmware's" "echo firmware; echo 'region one'; echo '$good'"
ends 1 "another line" "echo 'region two'; echo '$good'"
ends 1 "a line less" "echo '$good'"
exit $bad
