#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# linux_check.sh ELF: boots Linux on the hypervisor ELF in every way that the guide tells
# of, and beside each without a hypervisor, where that makes sense. Fails if one does.
set -u

elf=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machines=qemu7
if "$here/qemu10.sh" --is-made; then machines='qemu7 qemu10'; fi
failed=

# A run's options but for the machine, and the bare run beside it, or -.
ways() {
    cat <<'WAYS'
one vHart|--vharts 1|--vharts 1
one vHart, no Sstc|--vharts 1 --no-sstc|--vharts 1 --no-sstc
one vHart, vectors|--vharts 1 --vector|--vharts 1 --vector
2 vHarts on one hart|--vharts 2 --harts 1|-
2 vHarts on one hart, no Sstc|--vharts 2 --harts 1 --no-sstc|-
4 vHarts on 4 harts|--vharts 4 --harts 4|--vharts 4
4 vHarts on 4 harts, no Sstc|--vharts 4 --harts 4 --no-sstc|-
4 vHarts that move, vectors|--vharts 4 --harts 4 --move --vector|-
two guests on two harts|--vms 2 --harts 2|-
WAYS
}

# run NAME OPTION..: sets times; shows the console only if it failed.
run() {
    what=$1
    shift
    times='- -'
    rm -f "$work/times"
    if "$here/linux.sh" "$elf" --check --times "$work/times" "$@" > "$work/log" 2>&1; then
        times=$(cat "$work/times")
    else
        cat "$work/log"
        failed="$failed
    $what ($machine)"
    fi
}

printf '%-30s %-7s %10s %10s %10s %10s\n' 'seconds of the guest' '' up done 'up, bare' 'done, bare'
ways > "$work/ways"
for machine in $machines; do
    while IFS='|' read -r name options bare; do
        run "$name" --machine $machine $options
        ours=$times
        times='- -'
        [ "$bare" = - ] || run "$name, bare" --machine $machine --bare $bare
        printf '%-30s %-7s %10s %10s %10s %10s\n' "$name" $machine $ours $times
    done < "$work/ways"
done
[ -z "$failed" ] || { printf '\nfailed:%s\n' "$failed" && exit 1; }
echo "linux: booted, workload passed, guest powered off"
