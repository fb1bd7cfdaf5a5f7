#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Every public header compiles alone, as C11 and as C++17, with GCC and Clang,
# and the native riscv64 forms of the inline functions too.
set -eu
cd "$(dirname "$0")/../.."

# -Wmissing-prototypes and -Wstrict-prototypes are about C only.
cxx_warnings=$(grep -v prototypes cmake/warnings.txt)
c_warnings=$(cat cmake/warnings.txt)
bad=0

# check COMPILER [FLAGS]: HEADER with that compiler, twice, and a declaration, as
# C has no empty translation units.
check() {
    printf '#include <%s>\n#include <%s>\nextern int end;\n' "$header" "$header" |
        "$@" -Werror -Iinclude -ffreestanding -fsyntax-only - || {
        echo "headers: $header does not compile alone with: $*" >&2
        bad=1
    }
}

for path in $(find include -name '*.h' | sort); do
    header=${path#include/}
    check gcc -x c -std=c11 $c_warnings
    check clang -x c -std=c11 $c_warnings
    check riscv64-linux-gnu-gcc -x c -std=c11 $c_warnings
    check g++ -x c++ -std=c++17 $cxx_warnings
    check clang++ -x c++ -std=c++17 $cxx_warnings
    check clang++ --target=riscv64-unknown-elf -march=rv64imac -x c++ -std=c++17 $cxx_warnings
done
exit $bad
