# One place for the warning flags and for the rule that dependencies only point down.

add_library(zoneval_warnings INTERFACE)
target_compile_options(zoneval_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Werror
  # GCC 12 reports string concatenation and optional aggregates wrongly when optimising (PR 105651, PR 105562, PR 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds>)
if(CMAKE_UNITY_BUILD)
  # Files compiled together are one file to the compiler: what is local to one stands beside what is local to another.
  target_compile_options(zoneval_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local -Wno-subobject-linkage>)
else()
  target_compile_options(zoneval_warnings INTERFACE -Wshadow)
endif()

# The folders of engine/, lowest first. A folder may use only folders named before it.
set(ZONEVAL_LAYERS diag feel wording table model graph exec io store seal assess audit results score report serve api)

# zoneval_seldom(TARGET): works on one record or page at a time, and is compiled sooner than it would run faster.
function(zoneval_seldom target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# Files are compiled several together (CMAKE_UNITY_BUILD in CMakePresets.json), but for those with flags of their own.
function(zoneval_own_flags flags)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${flags}")
endfunction()

# zoneval_layer(NAME USES folder... [WINGS wing...] SOURCES file... [LINK library...])
# declares the target of one engine folder and refuses an upward dependency. A folder of many rooms names its wings, lowest
# first: a file of a wing may include only its own and those named before it.
function(zoneval_layer name)
  cmake_parse_arguments(ARG "" "" "USES;WINGS;SOURCES;LINK" ${ARGN})
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
  zoneval_check_includes(${name} "${ARG_USES}" "${ARG_WINGS}")
endfunction()

# What the files of a folder include must agree with what its target declares, and between wings point down.
function(zoneval_check_includes name uses wings)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
       ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp
       ${CMAKE_CURRENT_SOURCE_DIR}/*.inc ${CMAKE_CURRENT_SOURCE_DIR}/*.def)
  foreach(file IN LISTS files)
    get_filename_component(wing ${file} DIRECTORY)
    list(FIND wings "${wing}" here)
    if(here EQUAL -1 AND (wings OR wing))
      message(FATAL_ERROR "engine/${name}/${file} stands in no wing that engine/${name} names (${wings})")
    endif()
    file(STRINGS ${file} includes REGEX "^#include \"engine/")
    foreach(line IN LISTS includes)
      string(REGEX REPLACE "^#include \"engine/([a-z_]+)/.*" "\\1" used "${line}")
      if(NOT used STREQUAL name)
        if(NOT used IN_LIST uses)
          message(FATAL_ERROR "engine/${name}/${file} includes engine/${used}, which engine/${name} does not declare")
        endif()
      elseif(wings)
        string(REGEX REPLACE "^#include \"engine/[a-z_]+/([a-z_]+)/.*" "\\1" used "${line}")
        list(FIND wings "${used}" there)
        if(there EQUAL -1 OR there GREATER here)
          message(FATAL_ERROR "engine/${name}/${file} includes ${used}, which stands above ${wing}: wings point down only")
        endif()
      endif()
    endforeach()
  endforeach()
endfunction()

# zoneval_embed(TARGET FILE NAMESPACE SYMBOL): the text of FILE as `std::string_view NAMESPACE::SYMBOL` in TARGET.
function(zoneval_embed target file namespace symbol)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  file(CONFIGURE OUTPUT ${out}.new CONTENT
"#include <string_view>
namespace ${namespace} { extern const std::string_view ${symbol}; const std::string_view ${symbol} = R\"__(@text@)__\"; }
" @ONLY)
  file(COPY_FILE ${out}.new ${out} ONLY_IF_DIFFERENT)
  target_sources(${target} PRIVATE ${out})
endfunction()
