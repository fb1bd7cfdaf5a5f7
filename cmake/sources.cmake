# SPDX-License-Identifier: BSD-2-Clause

# Sets OUT to the sources in lib/sources.txt that this target machine compiles:
# the .c files, and for riscv64 the .S files.
function(hvrv_read_sources OUT)
    set(list ${PROJECT_SOURCE_DIR}/lib/sources.txt)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
    if(CMAKE_SYSTEM_PROCESSOR STREQUAL "riscv64")
        set(compiled "^lib/.*\\.[cS]$")
    else()
        set(compiled "^lib/.*\\.c$")
    endif()
    file(STRINGS ${list} sources REGEX ${compiled})
    list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/)
    set(${OUT} ${sources} PARENT_SCOPE)
endfunction()
