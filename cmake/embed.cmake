# Files that are built into programs, as tables of naru::Asset (include/naru/asset.hpp).
include_guard(GLOBAL)

find_program(NARU_NODE NAMES node nodejs)
if(NOT NARU_NODE)
  message(FATAL_ERROR "node (Node.js 18 or later) is needed at build time, to embed the client script and the "
                      "pages. Debian: apt-get install nodejs npm. Elsewhere: -DNARU_NODE=/path/to/node")
endif()

# The package's folder in node_modules, in `variable`; says what to do when it is not there.
function(naru_npm_package variable name)
  set(folder ${PROJECT_SOURCE_DIR}/node_modules/${name})
  if(NOT EXISTS ${folder}/package.json)
    message(FATAL_ERROR "node_modules/${name} is missing. In ${PROJECT_SOURCE_DIR}: npm ci --ignore-scripts")
  endif()
  set(${variable} ${folder} PARENT_SCOPE)
endfunction()

# naru_embed(TARGET FUNCTION [ALL_CODINGS] [FILES file...] [DIR folder] [TEXTS function=value...] [DEPENDS file...])
# adds to TARGET `std::span<const naru::Asset> FUNCTION()` (qualified name, at least one namespace), sorted by
# path. With DIR the files are those in the folder at build time; DEPENDS says what changes when they do. With
# ALL_CODINGS each file is also there as brotli and deflate, not only as gzip.
function(naru_embed target name)
  cmake_parse_arguments(EMBED "ALL_CODINGS" "DIR" "FILES;TEXTS;DEPENDS" ${ARGN})
  string(REGEX REPLACE "[^A-Za-z0-9]+" "_" stem ${name})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp)
  set(arguments ${EMBED_FILES})
  foreach(text ${EMBED_TEXTS})
    list(APPEND arguments --text ${text})
  endforeach()
  if(EMBED_ALL_CODINGS)
    list(APPEND arguments --all-codings)
  endif()
  if(EMBED_DIR)
    list(APPEND arguments --dir ${EMBED_DIR})
  endif()
  add_custom_command(
    OUTPUT ${out} BYPRODUCTS ${out}.bin
    COMMAND ${NARU_NODE} ${PROJECT_SOURCE_DIR}/cmake/embed.mjs ${out} ${name} ${arguments}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/embed.mjs ${EMBED_FILES} ${EMBED_DEPENDS}
    COMMENT "Embedding ${name}" VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()

# naru_embed_client(TARGET): the official client script's eight files as naru::app::client_files(), and its
# version as naru::app::client_version() (src/app/client_files.hpp).
function(naru_embed_client target)
  naru_npm_package(client socket.io-client)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${client}/package.json)
  file(READ ${client}/package.json manifest)
  string(JSON version GET "${manifest}" version)
  set(files)
  foreach(name socket.io.js socket.io.min.js socket.io.esm.min.js socket.io.msgpack.min.js)
    list(APPEND files ${client}/dist/${name} ${client}/dist/${name}.map)
  endforeach()
  naru_embed(${target} naru::app::client_files ALL_CODINGS FILES ${files} TEXTS client_version=${version})
endfunction()

# naru_embed_web(TARGET FUNCTION PAGE): a page of web/ (chat, lab), bundled by web/build.mjs.
function(naru_embed_web target name page)
  naru_npm_package(esbuild esbuild)
  naru_npm_package(client socket.io-client)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/*)
  naru_npm_package(uplot uplot)
  set(pages ${CMAKE_CURRENT_BINARY_DIR}/web_${page})
  add_custom_command(
    OUTPUT ${pages}.stamp
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
    COMMAND ${NARU_NODE} ${PROJECT_SOURCE_DIR}/web/build.mjs ${pages} ${page}
    COMMAND ${CMAKE_COMMAND} -E touch ${pages}.stamp
    DEPENDS ${sources} ${esbuild}/package.json ${client}/package.json ${uplot}/package.json
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Bundling the page: ${page}" VERBATIM)
  naru_embed(${target} ${name} DIR ${pages} DEPENDS ${pages}.stamp)
endfunction()

# naru_embed_admin(TARGET): the page of npm's Admin UI as naru::admin::page_files() (src/admin/page.hpp).
function(naru_embed_admin target)
  naru_npm_package(admin @socket.io/admin-ui)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/admin/*)
  set(pages ${CMAKE_CURRENT_BINARY_DIR}/admin)
  add_custom_command(
    OUTPUT ${pages}.stamp
    COMMAND ${NARU_NODE} ${PROJECT_SOURCE_DIR}/web/admin/build.mjs ${admin}/ui/dist ${pages}
    COMMAND ${CMAKE_COMMAND} -E touch ${pages}.stamp
    DEPENDS ${sources} ${admin}/package.json
    COMMENT "Gathering the page of the Admin UI" VERBATIM)
  naru_embed(${target} naru::admin::page_files DIR ${pages} DEPENDS ${pages}.stamp)
endfunction()
