#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh [--quick] [NAME..]: proves every row of proofs.tsv, or those of the quick
# set, or those named, two at a time, and that the cases which a proof is about can
# happen at all. One line a proof; CBMC's whole answer, with the values that refute
# what does not hold, is left in build/proof/NAME.log. Exit status 77: no CBMC here.
#
# run.sh --mutations [NAME..]: makes each mistake of mutations.tsv in a copy of the
# library, where the proof that the row names must fail. Part of both sets.
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

# edited TREE EDITS: the name of a copy of the library under TREE with these edits.
edited() {
    copy=$out/edited-$$
    rm -rf "$copy"
    mkdir "$copy"
    cp -r "$1/include" "$1/lib" "$copy"
    find "$copy" -name '*.[ch]' -exec sed -i -f "$2" {} +
    echo "$copy"
}

# prove TREE HARNESS OPTION..: CBMC on the library under TREE. Options of the row come last.
prove() {
    tree=$1
    harness=$2
    shift 2
    edits=$(sed -n 's/^ \* Edits: //p' "$here/$harness")
    [ -z "$edits" ] || tree=$(edited "$tree" "$edits")
    files=$(sed -n 's/^ \* Files: //p' "$here/$harness")
    run_cbmc "$here/$harness" $(for file in $files; do
        case $file in lib/*) echo "$tree/$file" ;; *) echo "$file" ;; esac
    done) -I"$tree/include" -I"$tree/lib" $always "$@" || return
    [ -z "$edits" ] || rm -rf "$tree"
}

# row TABLE PATTERN: the row whose first columns are that; says so if there is none.
row() {
    grep "^$2$tab" "$here/$1" || echo "prove: $1 has no row '$2'" >&2
}

# one NAME: a row of proofs.tsv, from first to last.
one() {
    IFS=$tab read -r _ name harness function options what <<ROW
$(row proofs.tsv "[a-z]*$tab$1")
ROW
    [ -n "$name" ] || return 1
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
$(row mutations.tsv "$1")
ROW
    tree=$out/mutant-$name
    rm -rf "$tree"
    mkdir -p "$tree"
    cp -r include lib "$tree"
    sed -i "$edit" "$tree/$file"
    verdict=caught
    log=$tree/cbmc.log
    IFS=$tab read -r _ _ harness function options _ <<ROW
$(row proofs.tsv "[a-z]*$tab$proof")
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
    names=$(cat)
    results=$out/results.$$
    start=$(date +%s)
    echo "$names" | xargs -r -n 1 -P 2 "$here/run.sh" "$1" | tee "$results" || true
    count=$(echo "$names" | grep -c .)
    failed=$((count - $(grep -c -e '^proved' -e '^caught' "$results" || true)))
    rm -f "$results"
    echo "prove: $count $2, $failed failed, $(($(date +%s) - start)) s"
    [ "$failed" = 0 ]
}

# proofs SET: the names of its rows; and those of the mutations.
proofs() {
    sed -n "s/^$1$tab\([^$tab]*\).*/\1/p" "$here/proofs.tsv"
}

mutations() {
    sed -n "/^#/!s/$tab.*//p" "$here/mutations.tsv"
}

if [ -z "$own" ]; then
    cmake/trixie.sh make cbmc
    if ! cmake/trixie.sh is-made cbmc; then
        echo "prove: there is no CBMC 6 or later here" >&2
        exit 77
    fi
fi
mkdir -p "$out"
case ${1-} in
    --one) one "$2" ;;
    --mutate) mutate "$2" ;;
    --mutations)
        shift
        [ $# -gt 0 ] || set -- $(mutations)
        printf '%s\n' "$@" | each --mutate mutations
        ;;
    '' | --quick)
        status=0
        mutations | each --mutate mutations || status=1
        if [ "${1-}" ]; then set=quick; else set='[a-z]*'; fi
        proofs "$set" | each --one proofs || status=1
        exit $status
        ;;
    *) printf '%s\n' "$@" | each --one proofs ;;
esac
