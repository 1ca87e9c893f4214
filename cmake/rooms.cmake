# naru_room(NAME [USES room...] [LINKS library...]): one folder of src/ as one static library, naru_NAME.
# The same objects are gathered into the one library that users link, naru.
# Which room may include which is checked by the layers test against src/layers.txt.
include_guard(GLOBAL)
define_property(GLOBAL PROPERTY NARU_ROOMS BRIEF_DOCS "rooms" FULL_DOCS "rooms")

add_library(naru_flags INTERFACE)
target_include_directories(naru_flags INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
target_compile_options(naru_flags INTERFACE -Wall -Wextra -Wpedantic)
# Optimising, g++ 12 sees an overlap in "x" + std::to_string(n) that is not there (GCC bug 105651).
target_compile_options(naru_flags INTERFACE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
if(NARU_WERROR)
  target_compile_options(naru_flags INTERFACE -Werror)
endif()
if(NARU_SANITIZE)
  target_compile_options(naru_flags INTERFACE -fsanitize=${NARU_SANITIZE} -fno-omit-frame-pointer
                                              -fno-sanitize-recover=all)
  target_link_options(naru_flags INTERFACE -fsanitize=${NARU_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Clang 14 cannot compile a coroutine with this part of "undefined" ("Cannot represent a difference across sections").
    target_compile_options(naru_flags INTERFACE -fno-sanitize=function)
  endif()
endif()

function(naru_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cpp)
  endif()
  add_library(naru_${name} STATIC ${sources})
  target_link_libraries(naru_${name} PUBLIC naru_flags ${ROOM_LINKS})
  foreach(other ${ROOM_USES})
    target_link_libraries(naru_${name} PUBLIC naru_${other})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY NARU_ROOMS ${name})
  set_property(GLOBAL APPEND PROPERTY NARU_LINKS ${ROOM_LINKS})
endfunction()

# What ./test builds for the thread sanitizer: the tests with the label `threads`.
add_custom_target(naru_thread_tests)

# naru_test(ROOM [LABELS label...] [USES room...]): every tests/ROOM/*_test.cpp in one executable, ROOM_test.
function(naru_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LABELS;USES;LINKS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  foreach(other ${TEST_USES})
    target_link_libraries(${name}_test PRIVATE naru_${other})
  endforeach()
  target_link_libraries(${name}_test PRIVATE naru_flags ${TEST_LINKS} GTest::gmock_main)
  # What is tested is optimised; the tests themselves need not be, and compile two to three times as fast: with the
  # sanitizers that is the greater part of what a build from nothing takes.
  target_compile_options(${name}_test PRIVATE -O0)
  if(threads IN_LIST TEST_LABELS)
    add_dependencies(naru_thread_tests ${name}_test)
  endif()
  # One label, as gtest_discover_tests loses all but the first of several; ctest -L threads finds it all the same.
  list(JOIN TEST_LABELS - labels)
  gtest_discover_tests(${name}_test TEST_PREFIX ${name}/ PROPERTIES LABELS "unit-${labels}" TIMEOUT ${TEST_TIMEOUT}
                       DISCOVERY_TIMEOUT 60)
endfunction()

# naru_program(TARGET OUTPUT source...): a program in the root of the build folder that uses the public API only.
function(naru_program target output)
  add_executable(${target} ${ARGN})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${output} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  target_compile_options(${target} PRIVATE $<TARGET_PROPERTY:naru_flags,INTERFACE_COMPILE_OPTIONS>)
  target_link_options(${target} PRIVATE $<TARGET_PROPERTY:naru_flags,INTERFACE_LINK_OPTIONS>)
  target_link_libraries(${target} PRIVATE naru)
endfunction()
