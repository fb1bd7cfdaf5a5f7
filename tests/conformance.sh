#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# conformance.sh [--machine qemu7|qemu10|model|gstage|cove] [--seed S] [--count N] [--case C]
# The walker against every judge that there is, or against one: a million
# accesses on each emulator here, 100 million walks of the independent model.
# And tables that change while a guest runs on four harts of an emulator.
# And the G-stage tables against a flat map: two million random operations.
# And the TSM's calls against a ghost that foretells them: four million on each of two seeds.
set -eu
cd "$(dirname "$0")/.."

machine=
seed=1
for option; do
    [ "${previous-}" != --machine ] || machine=$option
    [ "${previous-}" != --seed ] || seed=$option
    previous=$option
done

# Everything but --machine is the judge's own affair.
rest=
while [ $# -gt 0 ]; do
    [ "$1" = --machine ] || rest="$rest $1 ${2-}"
    shift $(($# > 1 ? 2 : 1))
done

case $machine in
    model) exec tests/conformance_model.sh $rest ;;
    gstage) exec tests/conformance_gstage.sh $rest ;;
    cove) exec tests/conformance_cove.sh $rest ;;
    qemu*) exec tests/system/conformance.sh --machine "$machine" --count 1000000 $rest ;;
    '') ;;
    *) echo "conformance: there is no machine '$machine'" >&2 && exit 2 ;;
esac

status=0
machines=$(tests/system/conformance.sh --list)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
for machine in $machines; do
    (tests/system/conformance.sh --machine "$machine" --count 1000000 $rest \
        > "$logs/$machine" 2>&1 || touch "$logs/failed") &
done
wait
for machine in $machines; do
    cat "$logs/$machine"
done
[ ! -e "$logs/failed" ] || status=1
for machine in $machines; do
    smp="tests/system/smp.sh --machine $machine --seed $seed --count 20000"
    $smp || status=1
    $smp --reach rfence --mode 48 || status=1
    [ "$machine" = qemu7 ] || $smp --svade 1 || status=1
done
tests/conformance_model.sh $rest || status=1
tests/conformance_gstage.sh $rest || status=1
tests/conformance_cove.sh $rest || status=1
exit $status
