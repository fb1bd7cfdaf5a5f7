#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The gate "rules" finds what it is there to find: each of these changes to a copy of the
# tree makes it fail, and say so.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
bad=0

copy() {
    rm -rf "$tree"
    mkdir "$tree"
    cp -R include lib tests docs examples cmake "$tree"
}

# expect COMPLAINT: the gate fails on the copy, with a line that has this.
expect() {
    if cmake/gates/rules.sh "$tree" > "$work/said" 2>&1; then
        echo "rules_test: the gate passes, and should say: $1"
        bad=1
    elif ! grep -qF "$1" "$work/said"; then
        echo "rules_test: the gate does not say: $1"
        cat "$work/said"
        bad=1
    fi
    copy
}

# print: docs/rules.md of the copy, so that it is not what the gate complains about.
print() {
    "$tree/cmake/rules_doc.sh" > "$tree/docs/rules.md"
}

copy
cmake/gates/rules.sh "$tree"

echo '/* norm:Sv38_levels */' >> "$tree/lib/status.c"
expect 'there is no rule norm:Sv38_levels'

sed -i 's/^Sv39_levels\t/Sv38_levels\t/' "$tree/docs/rules/supervisor.tsv"
print
expect 'supervisor.tsv: Sv38_levels is no rule of the chapter'

sed -i '/^Sv39_levels\t/d' "$tree/docs/rules/supervisor.tsv"
print
expect 'supervisor.tsv: Sv39_levels is missing'

sed -i '/^Sv39_levels\t/p' "$tree/docs/rules/supervisor.tsv"
print
expect 'supervisor.tsv: Sv39_levels is there twice'

rm "$tree/docs/rules/svadu.tsv"
print
expect 'docs/rules/svadu.tsv is not there'

sed -i '/^svadu\t/d' "$tree/docs/rules/chapters.tsv"
print
expect 'chapters.tsv: svadu is missing'

sed -i 's/norm:asid_hart_private/the rule/' "$tree/tests/unit/vhart/bind_test.c"
print
expect 'supervisor.tsv: asid_hart_private: implemented, but no test cites norm:asid_hart_private'

# What stands above no test is no citation.
sed -i 's/^static void a_vhart_\(moved\|that_follows\|that_moved\)/static int a_vhart_\1/' \
    "$tree/tests/unit/vhart/bind_test.c"
sed -i '/^static int a_vhart/s/(void \*\*state)/(void)/' "$tree/tests/unit/vhart/bind_test.c"
print
expect 'implemented, but no test cites norm:asid_hart_private'

sed -i '/^asid_hart_private\t/s/hvrv_bind_load/hvrv_bind_lift/' "$tree/docs/rules/supervisor.tsv"
print
expect '"hvrv_bind_lift" is not in include/ or lib/'

# A name that stands in a comment alone is none.
echo '/* hvrv_bind_lift */' >> "$tree/lib/status.c"
sed -i '/^asid_hart_private\t/s/hvrv_bind_load/hvrv_bind_lift/' "$tree/docs/rules/supervisor.tsv"
print
expect '"hvrv_bind_lift" is not in include/ or lib/'

sed -i '/^sstatus_spie\t/s/hardware/harware/' "$tree/docs/rules/supervisor.tsv"
print
expect 'supervisor.tsv: sstatus_spie: "harware" is no kind'

sed -i '/^sstatus_spie\t/s/hardware\t.*/hardware\tnothing/' "$tree/docs/rules/supervisor.tsv"
print
expect 'supervisor.tsv: sstatus_spie: the text is no sentence'

echo >> "$tree/docs/rules.md"
expect 'docs/rules.md is not what it should be'

exit $bad
