# SPDX-License-Identifier: BSD-2-Clause
#
# Bare-metal RISC-V. The default has no F and no D: a hypervisor that leaves
# the guest's floating-point registers in place must not touch them itself.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)

set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

include(${CMAKE_CURRENT_LIST_DIR}/rv64imac.cmake)
set(machine "-march=${RV64IMAC} -mabi=lp64 -mcmodel=medany -ffreestanding")
set(CMAKE_C_FLAGS_INIT "${machine}")
set(CMAKE_ASM_FLAGS_INIT "${machine}")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
