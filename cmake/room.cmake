# A room of the house: one static library whose link libraries are its allowed arrows, and one test program
# made of the *_test.cpp files that lie beside the sources.
#
#   belay_room(desk ROOMS ports support base STAGE desk/doors.hpp TEST_STAGE desk/stage_test.hpp)
#
# fake_*.cpp is in no room: doors in memory, for tests of other rooms (belay_fake_doors).
# SINGLY: its files are never compiled in batches (BELAY_BATCH), since they give the same names to things of their own. Nor are tests, which do so all the time.
# STAGE, TEST_STAGE: what nearly all sources, and nearly all tests, of a large room include, compiled once for all of them.
# Source files are found by name, so that adding a file needs no edit here; CONFIGURE_DEPENDS notices new ones.
function(belay_room name)
  cmake_parse_arguments(ROOM "SINGLY" "STAGE;TEST_STAGE" "ROOMS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/fake_[a-z_]+|/main)\\.cpp$")

  set(arrows ${ROOM_ROOMS})
  list(TRANSFORM arrows PREPEND "belay_")
  if(sources)
    add_library(belay_${name} STATIC ${sources})
    target_include_directories(belay_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
    target_compile_options(belay_${name} PRIVATE ${BELAY_WARNINGS})
    target_link_libraries(belay_${name} PUBLIC ${arrows} ${ROOM_LIBRARIES})
    if(BELAY_BATCH GREATER 1 AND NOT ROOM_SINGLY)
      set_target_properties(belay_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${BELAY_BATCH})
    endif()
    if(ROOM_STAGE)
      target_precompile_headers(belay_${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/base/precompiled.hpp" "${CMAKE_CURRENT_SOURCE_DIR}/${ROOM_STAGE}")
    else()
      belay_precompile(belay_${name})
    endif()
  else()
    add_library(belay_${name} INTERFACE)
    target_include_directories(belay_${name} INTERFACE "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(belay_${name} INTERFACE ${arrows} ${ROOM_LIBRARIES})
  endif()

  if(tests)
    add_executable(${name}_test EXCLUDE_FROM_ALL ${tests})
    target_compile_options(${name}_test PRIVATE ${BELAY_WARNINGS} ${BELAY_TEST_OPTIONS})
    target_link_libraries(${name}_test PRIVATE belay_${name} belay_test_main belay_test_support ${ROOM_TEST_LIBRARIES})
    if(ROOM_TEST_STAGE)
      target_precompile_headers(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}/cmake/test_precompiled.hpp" "${CMAKE_CURRENT_SOURCE_DIR}/${ROOM_TEST_STAGE}")
    else()
      target_precompile_headers(${name}_test REUSE_FROM belay_test_pch)
    endif()
    add_test(NAME ${name}_test COMMAND ${name}_test)
    set_tests_properties(${name}_test PROPERTIES ENVIRONMENT "BELAY_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
    add_dependencies(unit_tests ${name}_test)
    if(NOT name STREQUAL "sandbox")
      add_dependencies(server_tests ${name}_test)
    endif()
  endif()
endfunction()

add_custom_target(unit_tests)
add_custom_target(server_tests)   # without those of what plays the world outside

# One precompiled header for all rooms (the standard library, Boost.JSON and awaitable), and one for all their tests.
function(belay_precompile target)
  if(TARGET belay_pch)
    target_precompile_headers(${target} REUSE_FROM belay_pch)
  endif()
endfunction()
