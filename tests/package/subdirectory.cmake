include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
if(LAUNCHER MATCHES "ccache$")
  set(LAUNCHER ${CMAKE_CURRENT_LIST_DIR}/launcher.sh)
endif()
set(built ${BUILD}-subdirectory)      # beside the build, as deep: paths from it are the same
consume(${CMAKE_CURRENT_LIST_DIR}/subdirectory -DZONEVAL=${SOURCE})
