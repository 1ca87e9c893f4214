# Tests in JavaScript: real clients against the built programs, and the checks of the tree itself.
include_guard(GLOBAL)

add_test(NAME layers/check COMMAND ${NARU_NODE} ${PROJECT_SOURCE_DIR}/tests/layers/check.mjs)
add_test(NAME layers/layers_test
         COMMAND ${NARU_NODE} --test ${PROJECT_SOURCE_DIR}/tests/layers/layers_test.mjs)
set_tests_properties(layers/check layers/layers_test PROPERTIES LABELS layers TIMEOUT 60)

# naru_javascript_test(NAME SCRIPT [ARGS arg...] [ENV name=value...] [LABELS label...] [TIMEOUT seconds]):
# `node SCRIPT args` in the source folder, with NARU_BIN and NARU_FIXTURE, the built programs. Exit code 77
# means skipped. Not registered where the programs are not built.
function(naru_javascript_test name script)
  cmake_parse_arguments(JS "" "TIMEOUT" "ARGS;ENV;LABELS" ${ARGN})
  if(NOT NARU_APPS)
    return()
  endif()
  if(NOT JS_TIMEOUT)
    set(JS_TIMEOUT 180)
  endif()
  add_test(NAME ${name} COMMAND ${NARU_NODE} ${script} ${JS_ARGS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "NARU_BIN=${PROJECT_BINARY_DIR}/naru;NARU_FIXTURE=${PROJECT_BINARY_DIR}/naru-fixture;${JS_ENV}"
    LABELS "${JS_LABELS}" TIMEOUT ${JS_TIMEOUT} SKIP_RETURN_CODE 77
    SKIP_REGULAR_EXPRESSION "(#|ℹ) (skipped|todo) [1-9]")
endfunction()

# Every tests/interop/*.mjs with one loop and with two; every tests/browser/*.mjs alone on the machine.
file(GLOB interop CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/interop/*.mjs)
foreach(script ${interop})
  get_filename_component(stem ${script} NAME_WE)
  set(all_loops 1 2)
  if(stem STREQUAL tutorial_chat)  # the example has one loop, as its original
    set(all_loops 1)
  endif()
  foreach(loops ${all_loops})
    naru_javascript_test(interop/${stem}/loops-${loops} ${script} ENV LOOPS=${loops} LABELS interop)
  endforeach()
  if(stem STREQUAL hopping AND NARU_APPS)  # twenty seconds, and ten times that under a sanitizer
    foreach(loops ${all_loops})
      set_tests_properties(interop/${stem}/loops-${loops} PROPERTIES TIMEOUT 600)
    endforeach()
  endif()
  # The checklist of what the reference tests, with the oldest client of Socket.IO 4 as well.
  if(stem MATCHES "^checklist_|^(client_basics|rooms|disconnects|socketio_client|feed_socketio)$")
    naru_javascript_test(interop/${stem}/client-4.0 ${script} ENV LOOPS=2 CLIENT=4.0 LABELS interop)
  endif()
endforeach()
# Clients that hop, and a server that loses power instead of being killed.
naru_javascript_test(interop/hopping/power-loss ${PROJECT_SOURCE_DIR}/tests/interop/hopping.mjs
  ENV NARU_FIXTURE=${PROJECT_BINARY_DIR}/tests/lossy_feed LOOPS=2 DEATH=SIGUSR1 LABELS interop)
file(GLOB browser CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/browser/*.mjs)
foreach(script ${browser})
  get_filename_component(stem ${script} NAME_WE)
  naru_javascript_test(browser/${stem} ${script} LABELS browser TIMEOUT 300)
  if(TEST browser/${stem})
    set_tests_properties(browser/${stem} PROPERTIES RUN_SERIAL ON)
  endif()
endforeach()
