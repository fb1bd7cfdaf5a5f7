# SPDX-License-Identifier: BSD-2-Clause

# The warnings of the whole tree. The list stands in a plain file, so that the
# gates, which call compilers without CMake, use the same.
file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/warnings.txt HVRV_WARNINGS)

function(hvrv_warnings TARGET)
    set(flags ${HVRV_WARNINGS})
    if(HVRV_WERROR)
        list(APPEND flags -Werror)
    endif()
    target_compile_options(${TARGET} PRIVATE "$<$<COMPILE_LANGUAGE:C>:${flags}>")
endfunction()
