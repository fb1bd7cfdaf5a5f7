# SPDX-License-Identifier: BSD-2-Clause
#
# Sets RV64IMAC to what the bare-metal GCC calls that ISA: since GCC 11 the CSR
# instructions and fence.i are extensions with names, before that they have none.
execute_process(COMMAND riscv64-unknown-elf-gcc -dumpversion
    OUTPUT_VARIABLE gcc_version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(gcc_version VERSION_LESS 11)
    set(RV64IMAC rv64imac)
else()
    set(RV64IMAC rv64imac_zicsr_zifencei)
endif()
