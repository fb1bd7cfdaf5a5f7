#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/run.sh [PRESET..]: configures, builds and tests every preset, or those
# named, and ends with one line: how many passed, how many failed. The preset
# "prove" stands for the quick proofs.
set -eu
cd "$(dirname "$0")/.."

[ $# -gt 0 ] ||
    set -- host host-clang conformance fuzz threads riscv64-linux riscv64-elf coverage release prove
jobs=$(nproc 2> /dev/null || echo 2)
passed=0
failed=0
failures=

# fail NAME [LOG]: counts a failure that is no test of its own, and shows why.
fail() {
    [ -z "${2-}" ] || cat "$2"
    failed=$((failed + 1))
    failures="$failures
    $1"
}

# count PRESET LOG: adds the results in the log of a ctest run.
count() {
    counts=$(sed -n 's/.* \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$2")
    [ -n "$counts" ] || return 0
    failed=$((failed + ${counts% *}))
    passed=$((passed + ${counts#* } - ${counts% *}))
    names=$(sed -n "s/^[[:space:]]*[0-9]* - \(.*\) (.*)\$/    $1: \1/p" "$2")
    [ -z "$names" ] || failures="$failures
$names"
}

# The quick proofs, which are no preset; each counts as a test.
test_proofs() {
    log=build/prove.log
    echo "== prove"
    status=0
    tests/proof/run.sh --quick > "$log" 2>&1 || status=$?
    cat "$log"
    [ "$status" != 77 ] || return 0
    names=$(grep -E '^[A-Z]+  ' "$log" || true)
    failed=$((failed + $(echo "$names" | grep -c . || true)))
    passed=$((passed + $(grep -cE '^(proved|caught) ' "$log" || true)))
    [ -z "$names" ] || failures="$failures
$names"
    [ "$status" = 0 ] || [ -n "$names" ] || fail "prove: did not run to its end"
}

test_preset() {
    log=build/$1.log
    echo "== $1"
    if ! cmake --preset "$1" -DHVRV_QEMU10="$qemu10" > "$log" 2>&1; then
        fail "$1: configuring" "$log"
        return
    fi
    # What ./run bench counts is no test, but must not stop compiling unnoticed.
    case $1 in
        riscv64-*) targets='all benches' ;;
        *) targets=all ;;
    esac
    if ! cmake --build --preset "$1" -j "$jobs" --target $targets > "$log" 2>&1; then
        fail "$1: building" "$log"
        return
    fi
    # Counts of an earlier run would be added up.
    find "build/$1" -name '*.gcda' -exec rm -f {} +
    if ctest --preset "$1" -j "$jobs" > "$log" 2>&1; then
        grep -E '^ *[0-9]+/[0-9]+ Test|tests passed' "$log" || echo "no tests"
    else
        cat "$log"
        grep -q 'tests failed out of' "$log" || fail "$1: ctest"
    fi
    count "$1" "$log"
}

# Debian 12's QEMU is 7.2; what Debian 13's says counts as well.
tests/system/qemu10.sh --make
# So does its objdump, which knows more instructions.
tests/oracle/objdump.sh --make
if tests/system/qemu10.sh --is-made; then qemu10=ON; else qemu10=OFF; fi

mkdir -p build
start=$(date +%s)
for preset in "$@"; do
    if [ "$preset" = prove ]; then
        test_proofs
        continue
    fi
    test_preset "$preset"
    if [ "$preset" = coverage ]; then
        if cmake/coverage.sh build/coverage; then
            passed=$((passed + 1))
        else
            fail "coverage: below its limits"
        fi
    fi
done

[ -z "$failures" ] || printf '\nfailed:%s\n' "$failures"
printf '\n%s\n%d passed, %d failed\n' "took $(($(date +%s) - start)) s" "$passed" "$failed"
[ "$failed" = 0 ]
