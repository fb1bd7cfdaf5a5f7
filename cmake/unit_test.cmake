# SPDX-License-Identifier: BSD-2-Clause

# CMocka: this machine's own, or for riscv64 the one that
# cmake/cmocka-riscv64.sh builds from the distribution's source package.
set(cache_home "$ENV{XDG_CACHE_HOME}")
if(NOT cache_home)
    set(cache_home "$ENV{HOME}/.cache")
endif()
if(CMAKE_CROSSCOMPILING)
    set(cmocka_default ${cache_home}/hvrv/cmocka-riscv64)
endif()
set(HVRV_CMOCKA_ROOT "${cmocka_default}" CACHE PATH "Where CMocka is installed, if not in the system")
set(search NO_CMAKE_FIND_ROOT_PATH)
if(CMAKE_CROSSCOMPILING)
    list(APPEND search NO_DEFAULT_PATH)
endif()
find_path(HVRV_CMOCKA_INCLUDE cmocka.h HINTS ${HVRV_CMOCKA_ROOT}/include ${search})
find_library(HVRV_CMOCKA_LIBRARY cmocka HINTS ${HVRV_CMOCKA_ROOT}/lib ${search})
if(NOT HVRV_CMOCKA_INCLUDE OR NOT HVRV_CMOCKA_LIBRARY)
    message(FATAL_ERROR "CMocka is missing: install libcmocka-dev, or for riscv64 run "
        "cmake/cmocka-riscv64.sh (./run test does both). HVRV_TESTS=OFF builds only the library.")
endif()

# The model hart, and for riscv64 the SIGILL handler that lets the library's
# own privileged instructions work on it.
set(model_sources
    ${PROJECT_SOURCE_DIR}/tests/model/access.c
    ${PROJECT_SOURCE_DIR}/tests/model/csr.c
    ${PROJECT_SOURCE_DIR}/tests/model/hart.c
    ${PROJECT_SOURCE_DIR}/tests/model/ops.c
    ${PROJECT_SOURCE_DIR}/tests/model/pmp.c)
set(user_sources
    ${PROJECT_SOURCE_DIR}/tests/user/sigill.c)
if(EXISTS ${PROJECT_SOURCE_DIR}/tests/model/hart.c)
    add_library(hvrv_model OBJECT ${model_sources})
    if(CMAKE_SYSTEM_PROCESSOR STREQUAL "riscv64")
        if(EXISTS ${PROJECT_SOURCE_DIR}/tests/user/sigill.c)
            target_sources(hvrv_model PRIVATE ${user_sources})
        endif()
    endif()
    target_link_libraries(hvrv_model PUBLIC hvrv::hvrv)
    target_include_directories(hvrv_model PUBLIC ${PROJECT_SOURCE_DIR}/tests)
    target_include_directories(hvrv_model SYSTEM PUBLIC ${HVRV_CMOCKA_INCLUDE})
    hvrv_warnings(hvrv_model)
else()
    add_library(hvrv_model INTERFACE)
endif()

# Makes an executable TARGET that links the library, CMocka and the model, and
# runs it as the test NAME.
function(hvrv_add_test NAME TARGET)
    add_executable(${TARGET} ${ARGN})
    target_include_directories(${TARGET} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_include_directories(${TARGET} SYSTEM PRIVATE ${HVRV_CMOCKA_INCLUDE})
    target_link_libraries(${TARGET} PRIVATE hvrv_model hvrv::hvrv ${HVRV_CMOCKA_LIBRARY})
    hvrv_warnings(${TARGET})
    add_test(NAME ${NAME} COMMAND ${TARGET})
endfunction()

# hvrv_unit_test(isa/bits): the test unit/isa/bits from tests/unit/isa/bits_test.c.
function(hvrv_unit_test MODULE)
    string(REPLACE "/" "_" target ${MODULE}_test)
    hvrv_add_test(unit/${MODULE} ${target} ${PROJECT_SOURCE_DIR}/tests/unit/${MODULE}_test.c)
endfunction()
