# SPDX-License-Identifier: BSD-2-Clause

# Headers, archive, find_package(hvrv) and pkg-config's hvrv.pc.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hvrv)

configure_package_config_file(cmake/hvrv-config.cmake.in hvrv-config.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(hvrv-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/hvrv.pc.in hvrv.pc @ONLY)

install(TARGETS hvrv EXPORT hvrv-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT hvrv-targets NAMESPACE hvrv:: DESTINATION ${package_dir})
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/hvrv-config.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/hvrv-config-version.cmake
    DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hvrv.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(DIRECTORY include/hvrv DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")
