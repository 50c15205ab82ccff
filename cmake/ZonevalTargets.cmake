# One place for the warning flags and for the rule that dependencies only point down.

add_library(zoneval_warnings INTERFACE)
target_compile_options(zoneval_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
  # GCC 12 sees overlapping copies in `"[" + text` where there are none (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# The folders of engine/, lowest first. A folder may use only folders named before it.
set(ZONEVAL_LAYERS diag feel table model graph exec io store assess audit)

# zoneval_layer(NAME USES folder... SOURCES file... [LINK library...])
# declares the target of one engine folder and refuses an upward dependency.
function(zoneval_layer name)
  cmake_parse_arguments(ARG "" "" "USES;SOURCES;LINK" ${ARGN})
  list(FIND ZONEVAL_LAYERS ${name} here)
  if(here EQUAL -1)
    message(FATAL_ERROR "engine/${name} is not in ZONEVAL_LAYERS (cmake/ZonevalTargets.cmake)")
  endif()
  add_library(zoneval_${name} STATIC ${ARG_SOURCES})
  target_include_directories(zoneval_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  foreach(used IN LISTS ARG_USES)
    list(FIND ZONEVAL_LAYERS ${used} there)
    if(there EQUAL -1 OR NOT there LESS here)
      message(FATAL_ERROR "engine/${name} may not use engine/${used}: dependencies point down only")
    endif()
    target_link_libraries(zoneval_${name} PUBLIC zoneval_${used})
  endforeach()
  target_link_libraries(zoneval_${name} PUBLIC fmt::fmt PRIVATE zoneval_warnings ${ARG_LINK})

  # What the files include must agree with what the target declares.
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  foreach(file IN LISTS files)
    file(STRINGS ${file} includes REGEX "^#include \"engine/")
    foreach(line IN LISTS includes)
      string(REGEX REPLACE "^#include \"engine/([a-z]+)/.*" "\\1" used "${line}")
      if(NOT used STREQUAL name AND NOT used IN_LIST ARG_USES)
        message(FATAL_ERROR "${file} includes engine/${used}, which engine/${name} does not declare")
      endif()
    endforeach()
  endforeach()
endfunction()
