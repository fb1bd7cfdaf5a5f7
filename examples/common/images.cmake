# SPDX-License-Identifier: BSD-2-Clause
#
# Two kinds of program: a guest, with an address space of its own, and a
# hypervisor, which carries a guest as a file. Both are rv64imac; a guest may
# use floating point in assembly.
set(common ${CMAKE_CURRENT_LIST_DIR})

function(image NAME SCRIPT)
    add_executable(${NAME} ${ARGN})
    hvrv_warnings(${NAME})
    set_target_properties(${NAME} PROPERTIES SUFFIX .elf LINK_DEPENDS ${common}/${SCRIPT})
    target_include_directories(${NAME} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${common})
    target_link_options(${NAME} PRIVATE -nostartfiles -T ${common}/${SCRIPT})
endfunction()

# guest(NAME BASE SOURCES..): NAME.elf, linked for the address BASE, and of it the file NAME.bin.
function(guest NAME BASE)
    image(${NAME} guest.ld ${common}/guest_start.S ${common}/sbi_guest.c ${ARGN})
    target_link_options(${NAME} PRIVATE -nostdlib -Wl,--defsym=GUEST_BASE=${BASE})
    add_custom_command(OUTPUT ${NAME}.bin
        COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${NAME}> ${NAME}.bin
        DEPENDS ${NAME})
endfunction()

# hypervisor(NAME GUEST SOURCES..): NAME.elf, with the guest GUEST in it.
function(hypervisor NAME GUEST)
    # .incbin is no dependency that a compiler tells of.
    set(carrier ${CMAKE_CURRENT_BINARY_DIR}/${GUEST}_image.S)
    configure_file(${common}/guest_image.S.in ${carrier} @ONLY)
    set_source_files_properties(${carrier} PROPERTIES
        OBJECT_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/${GUEST}.bin
        COMPILE_OPTIONS -Wa,-I,${CMAKE_CURRENT_BINARY_DIR})
    image(${NAME} host.ld ${common}/start.S ${common}/console.c ${common}/pool.c
        ${common}/sbi_server.c ${carrier} ${ARGN} ${GUEST}.bin)
    target_compile_options(${NAME} PRIVATE --specs=picolibc.specs)
    target_link_libraries(${NAME} PRIVATE hvrv::hvrv)
    # The C library is found by the plain name of the architecture.
    target_link_options(${NAME} PRIVATE --specs=picolibc.specs -march=rv64imac)
endfunction()
