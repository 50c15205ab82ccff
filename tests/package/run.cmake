# run(WHAT COMMAND...): fails the test with the output of a command that fails; the output in `printed`.
macro(run what)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE printed ERROR_VARIABLE said RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${printed}\n${said}")
  endif()
endmacro()

# The consumer in FOLDER is configured with further arguments, built and run; what it prints must be the example's output.
macro(consume folder)
  run("configuring the consumer" ${CMAKE_COMMAND} -S ${folder} -B ${built} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
      -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_BUILD_TYPE=${CONFIG} -DCMAKE_CXX_FLAGS=${FLAGS} ${ARGN})
  run("building the consumer" ${CMAKE_COMMAND} --build ${built} --target embed)
  run("running the consumer" ${built}/embed ${SOURCE}/examples/embed/rules.yaml)
  file(READ ${SOURCE}/examples/embed/output.txt expected)
  if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "the consumer printed\n${printed}\nand not\n${expected}")
  endif()
endmacro()
