# Installs the library from the build folder BUILD, and builds and runs a program of somebody else's with it.
#   cmake -DBUILD=build/release -P tests/install/check.cmake
set(scratch ${BUILD}/install-check)
file(REMOVE_RECURSE ${scratch})
function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
step(${CMAKE_COMMAND} --install ${BUILD} --prefix ${scratch}/prefix)
step(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR} -B ${scratch}/user -DCMAKE_PREFIX_PATH=${scratch}/prefix
     -DCMAKE_CXX_COMPILER=${COMPILER})
step(${CMAKE_COMMAND} --build ${scratch}/user)
step(${scratch}/user/user)
