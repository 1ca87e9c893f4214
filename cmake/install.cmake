# cmake --install puts the library, its public headers and what find_package(naru) needs into the prefix:
#   find_package(naru REQUIRED)
#   target_link_libraries(my_server PRIVATE naru::naru)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

target_compile_features(naru PUBLIC cxx_std_20)
install(TARGETS naru EXPORT naru_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/naru DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/naru)
install(EXPORT naru_targets NAMESPACE naru:: DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/naruConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/naruConfig.cmake ${PROJECT_BINARY_DIR}/naruConfigVersion.cmake
        DESTINATION ${package})

if(NARU_TESTS AND NARU_APPS)
  add_test(NAME install/find_package
           COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR} -DCOMPILER=${CMAKE_CXX_COMPILER}
                   -P ${PROJECT_SOURCE_DIR}/tests/install/check.cmake)
  set_tests_properties(install/find_package PROPERTIES LABELS interop TIMEOUT 180)
endif()
