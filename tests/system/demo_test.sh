#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# demo_test.sh: demo.sh believes no machine that did not do all of it. A script
# plays the emulator.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# ends STATUS TEXT SCRIPT: demo.sh ends with STATUS where SCRIPT is the emulator.
ends() {
    printf '#!/bin/sh\n%s\n' "$3" > "$work/qemu"
    chmod +x "$work/qemu"
    status=0
    QEMU="$work/qemu" DEMO_SECONDS=1 ./demo.sh none.elf > "$work/log" 2>&1 || status=$?
    [ "$status" = "$1" ] || {
        echo "demo_test: $2: status $status instead of $1"
        cat "$work/log"
        bad=1
    }
}

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
exit $bad
