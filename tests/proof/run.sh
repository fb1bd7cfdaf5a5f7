#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh [--quick] [NAME..]: proves every row of proofs.tsv, or those of the quick
# set, or those named, two at a time, and then that the cases which a proof is
# about can happen at all (its covers). One line a proof; a proof that fails leaves
# CBMC's whole answer, the values that refute it included, in build/proof/NAME.log.
#
# run.sh --mutations [NAME..]: applies each row of mutations.tsv to a copy of the
# library. The proof that the row names must fail.
set -eu
cd "$(dirname "$0")/../.."

here=tests/proof
out=build/proof
tab=$(printf '\t')

# Whatever a row says. CBMC's own further checks (bounds, pointers,
# shifts, signed overflow, division by zero) are on unless a row takes them off.
always='--c11 -Itests'
proving='--unwinding-assertions --slice-formula'
covering='-DCOVERING --no-standard-checks --cover cover'

run_cbmc() {
    if [ -n "$own" ]; then "$own" "$@"; else cmake/trixie.sh run cbmc "$@"; fi
}

# The system's own CBMC if it is 6 or later, else Debian 13's.
own=$(command -v cbmc || true)
case $([ -z "$own" ] || "$own" --version) in
    '' | [0-5].*) own= ;;
esac

# prove TREE ROW..: CBMC on the library under TREE. Options of the row come last.
prove() {
    tree=$1
    harness=$2
    shift 2
    files=$(sed -n 's/^ \* Files: //p' "$here/$harness")
    run_cbmc "$here/$harness" $(for file in $files; do
        case $file in lib/*) echo "$tree/$file" ;; *) echo "$file" ;; esac
    done) -I"$tree/include" $always "$@"
}

# one NAME: a row of proofs.tsv, from first to last.
one() {
    IFS=$tab read -r _ name harness function options what <<ROW
$(grep "^[a-z]*$tab$1$tab" "$here/proofs.tsv")
ROW
    log=$out/$name.log
    start=$(date +%s)
    verdict=proved
    if ! prove . "$harness" $proving --trace --function "$function" $options > "$log" 2>&1 ||
        grep -q 'no body for' "$log"; then
        verdict=FAILED
    fi
    prove . "$harness" $covering --function "$function" $options > "$log.cover" 2>&1 || true
    # Of the harness's other functions the covers are not reached.
    reached=$(grep -c "^\[$function\.coverage.*: SATISFIED$" "$log.cover" || true)
    all=$(grep -c "^\[$function\.coverage" "$log.cover" || true)
    [ "$all" -gt 0 ] && [ "$reached" = "$all" ] || verdict=FAILED
    printf '%-6s  %-48s %5d s  %2d of %2d cases met  %s\n' "$verdict" "$name" \
        "$(($(date +%s) - start))" "$reached" "$all" "$what"
    [ "$verdict" = proved ]
}

# mutate NAME: a row of mutations.tsv.
mutate() {
    IFS=$tab read -r name file edit proof <<ROW
$(grep "^$1$tab" "$here/mutations.tsv")
ROW
    tree=$out/mutant-$name
    rm -rf "$tree"
    mkdir -p "$tree"
    cp -r include lib "$tree"
    sed -i "$edit" "$tree/$file"
    verdict=caught
    log=$tree/cbmc.log
    IFS=$tab read -r _ _ harness function options _ <<ROW
$(grep "^[a-z]*$tab$proof$tab" "$here/proofs.tsv")
ROW
    start=$(date +%s)
    if cmp -s "$file" "$tree/$file"; then
        verdict=UNMADE
    elif prove "$tree" "$harness" $proving --function "$function" $options > "$log" 2>&1 ||
        ! grep -q '^VERIFICATION FAILED' "$log"; then
        verdict=MISSED
    fi
    printf '%-6s  %-48s %5d s  by %s\n' "$verdict" "$name" "$(($(date +%s) - start))" "$proof"
    [ "$verdict" = caught ]
}

# each VERB WORD: the names come by the standard input; the summary goes out.
each() {
    results=$out/results
    start=$(date +%s)
    xargs -r -n 1 -P 2 "$here/run.sh" "$1" | tee "$results" || true
    failed=$(grep -c '^[A-Z]' "$results" || true)
    printf '%s: %d %s, %d failed, %d s\n' prove "$(wc -l < "$results")" "$2" "$failed" \
        "$(($(date +%s) - start))"
    [ "$failed" = 0 ]
}

names() {
    sed -n "s/^$1$tab\([^$tab]*\).*/\1/p" "$here/proofs.tsv"
}

mkdir -p "$out"
case ${1-} in
    --one) one "$2" ;;
    --mutate) mutate "$2" ;;
    --mutations)
        shift
        [ $# -gt 0 ] || set -- $(sed -n "/^#/!s/$tab.*//p" "$here/mutations.tsv")
        printf '%s\n' "$@" | each --mutate mutations
        ;;
    --quick) names quick | each --one proofs ;;
    *)
        [ $# -gt 0 ] || set -- $(names '[a-z]*')
        printf '%s\n' "$@" | each --one proofs
        ;;
esac
