# What `cmake --install` brings, and the Debian package made of it.
include(CMakePackageConfigHelpers)

# The command knows its own options and help texts: completions and manual page are what it prints.
set(pages ${PROJECT_BINARY_DIR}/pages)
file(MAKE_DIRECTORY ${pages})
function(zoneval_page name destination rename)
  add_custom_command(OUTPUT ${pages}/${name} DEPENDS zoneval VERBATIM
    COMMAND $<TARGET_FILE:zoneval> ${ARGN} > ${pages}/${name})
  set_property(GLOBAL APPEND PROPERTY ZONEVAL_PAGES ${pages}/${name})
  install(FILES ${pages}/${name} DESTINATION ${destination} RENAME ${rename})
endfunction()
zoneval_page(zoneval.bash ${CMAKE_INSTALL_DATADIR}/bash-completion/completions zoneval completion bash)
zoneval_page(zoneval.zsh ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions _zoneval completion zsh)
zoneval_page(zoneval.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d zoneval.fish completion fish)
zoneval_page(zoneval.1 ${CMAKE_INSTALL_MANDIR}/man1 zoneval.1 manual)
get_property(pages_made GLOBAL PROPERTY ZONEVAL_PAGES)
add_custom_target(zoneval_pages ALL DEPENDS ${pages_made})

install(TARGETS zoneval)
install(TARGETS zoneval_library EXPORT zonevalTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/zoneval DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/schemas/ruleset.schema.json ${PROJECT_SOURCE_DIR}/schemas/store.sql
              ${PROJECT_SOURCE_DIR}/schemas/observations.sql
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zoneval/schemas)

set(config ${CMAKE_INSTALL_LIBDIR}/cmake/zoneval)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/zonevalConfig.cmake.in
  ${PROJECT_BINARY_DIR}/zonevalConfig.cmake INSTALL_DESTINATION ${config})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/zonevalConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/zonevalConfig.cmake ${PROJECT_BINARY_DIR}/zonevalConfigVersion.cmake
        DESTINATION ${config})
install(EXPORT zonevalTargets NAMESPACE zoneval:: DESTINATION ${config})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The zoneval authors")
set(CPACK_PACKAGE_CONTACT "The zoneval authors <zoneval@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata")      # read at run time: no library tells of it
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
include(CPack)
