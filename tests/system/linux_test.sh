#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# linux_test.sh: linux.sh and uboot.sh believe no machine that did not do all of
# it. A script plays the emulator.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
: > "$work/file"
PATH=$work:$PATH
HVRV_LINUX_IMAGE=$work/file
HVRV_UBOOT_IMAGE=$work/file
export PATH HVRV_LINUX_IMAGE HVRV_UBOOT_IMAGE

# ends STATUS TEXT SCRIPT: $judge ends with STATUS where SCRIPT is the emulator, and says
# only then that all was well.
ends() {
    printf '#!/bin/sh\n%s\n' "$3" > "$work/qemu-system-riscv64"
    chmod +x "$work/qemu-system-riscv64"
    status=0
    ./$judge > "$work/log" 2>&1 || status=$?
    verdict=1
    ! tail -n 1 "$work/log" | grep -qx "$well" || verdict=0
    [ "$status" = "$1" ] && [ "$verdict" = "$1" ] || {
        echo "linux_test: $judge: $2: status $status instead of $1, or another last line"
        cat "$work/log"
        bad=1
    }
}

well='linux: booted, workload passed, guest powered off'
passed='echo "workload: passed, 1 vHarts, 1 rounds"'
done='echo "guest: done with status 0 after 4.61 s"'
off='echo "hypervisor: VM 0 powered off, reason 0"'
pages='echo "hypervisor: 5 of 5 table pages returned"'
judge='linux.sh none.elf --check --seconds 2'
ends 0 "all well" "$passed; $done; $off; $pages"
ends 0 "a console with carriage returns" "($passed; $done; $off; $pages) | sed 's/\$/\r/'"
ends 1 "nothing printed" ":"
ends 1 "the workload is not told of" "$done; $off; $pages"
ends 1 "the workload failed" "echo 'workload: FAILED: timer'; $done; $off; $pages"
ends 1 "another number of vHarts" "echo 'workload: passed, 2 vHarts, 1 rounds'; $done; $off; $pages"
ends 1 "it passed more often than there are VMs" "$passed; $passed; $done; $off; $pages"
ends 1 "init ended badly" "$passed; echo 'guest: done with status 1 after 4.61 s'; $off; $pages"
ends 1 "init did not end" "$passed; $off; $pages"
ends 1 "the VM did not power off" "$passed; $done; $pages"
ends 1 "it powered off for another reason" \
    "$passed; $done; echo 'hypervisor: VM 0 powered off, reason 1'; $pages"
ends 1 "a table page was lost" \
    "$passed; $done; $off; echo 'hypervisor: 4 of 5 table pages returned'"
ends 1 "no word of table pages" "$passed; $done; $off"
ends 1 "QEMU failed" "$passed; $done; $off; $pages; exit 3"
ends 1 "a hang" "$passed; $done; $off; $pages; exec sleep 30"
ends 1 "no emulator" "exec /nonexistent"

judge='linux.sh none.elf --check --vector --seconds 2'
ends 1 "no vectors" "$passed; $done; $off; $pages"

judge='linux.sh none.elf --check --vms 2 --seconds 2'
both='for vm in 0 1; do
    echo "$vm> workload: passed, 1 vHarts, 1 rounds"
    echo "$vm> guest: done with status 0 after 4.61 s"
done'
ends 0 "both VMs" "$both; $off; echo 'hypervisor: VM 1 powered off, reason 0'; $pages"
ends 1 "one VM did not power off" "$both; $off; $pages"
ends 1 "one VM's workload is missing" \
    "($both) | grep -v '^1> w'; $off; echo 'hypervisor: VM 1 powered off, reason 0'; $pages"
ends 1 "one VM's init ended badly" \
    "($both) | sed '/^1>/s/status 0/status 1/'; $off
    echo 'hypervisor: VM 1 powered off, reason 0'; $pages"

well='uboot: prompt reached, guest powered off'
judge='uboot.sh none.elf --check --seconds 2'
prompt='echo "U-Boot 2023.01"; echo "Hit any key"; head -c 1 > /dev/null; echo "=> "'
answer='head -c 8 > /dev/null; echo "U-Boot 2023.01"; echo "=> "; head -c 9 > /dev/null'
ends 0 "all well" "$prompt; $answer; $off; $pages"
ends 1 "no prompt" "echo 'U-Boot 2023.01'; $off; $pages"
ends 1 "no answer" "$prompt; head -c 8 > /dev/null; $off; $pages"
ends 1 "the VM did not power off" "$prompt; $answer; $pages"
ends 1 "a hang" "$prompt; $answer; $off; exec sleep 30"
ends 1 "QEMU failed" "$prompt; $answer; $off; $pages; exit 1"
exit $bad
