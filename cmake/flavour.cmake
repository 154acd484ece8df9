# Flags for every target, chosen by the preset (BELAY_FLAVOUR).
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Said here and not with POSITION_INDEPENDENT_CODE: that makes programs -fPIE, and libraries and programs share one precompiled header.
add_compile_options(-fPIC)
set(BELAY_FLAVOUR "dev" CACHE STRING "dev, release, asan, tsan, coverage or fuzz")
option(BELAY_FUZZ "build the fuzz targets" OFF)

add_link_options(-fuse-ld=lld-19)
# Timestamps inside a precompiled header defeat ccache.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
add_compile_definitions(
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_BEAST_USE_STD_STRING_VIEW
  SPDLOG_COMPILED_LIB
  SPDLOG_FMT_EXTERNAL)
# Our own code only: system headers come as -isystem.
set(BELAY_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

# Files of a room that are compiled at once in the presets of ./check: what they have in common is read and instantiated once for all of them, a quarter of all
# the time. So names in their anonymous namespaces have to differ. In the other presets each file is compiled by itself, which shows what it forgot to include.
set(BELAY_BATCH 1)
if(BELAY_FLAVOUR STREQUAL "release" OR BELAY_FLAVOUR STREQUAL "asan")
  set(BELAY_BATCH 8)
endif()

if(BELAY_FLAVOUR STREQUAL "release")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  # What nobody calls is left out, and what is the same is there once: a fifth of the program, which need not be in memory.
  add_compile_options(-ffunction-sections -fdata-sections)
  # libstdc++ and libgcc stay shared: SOCI is a shared library that throws, and an exception that crosses two copies of the
  # unwinder aborts the process.
  add_link_options(-pie -Wl,-z,relro,-z,now -Wl,--gc-sections,--icf=safe)
elseif(BELAY_FLAVOUR STREQUAL "asan" OR BELAY_FLAVOUR STREQUAL "fuzz")
  # Without optimisation it compiles in a third of the time, which is more than the tests lose by it.
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  if(BELAY_FLAVOUR STREQUAL "fuzz")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")   # it lives from speed
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
elseif(BELAY_FLAVOUR STREQUAL "tsan")
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
elseif(BELAY_FLAVOUR STREQUAL "coverage")
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
else()
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
endif()

# Tests are compiled far more often than they are run long: without optimisation in half the time. The rooms they judge keep the
# flags of the preset.
set(BELAY_TEST_OPTIONS -O0)
# The sandbox is a tool of the tests, too.
set(BELAY_SANDBOX_OPTIONS "")
# What reads a command line, once: to optimise it fully takes longer than it will ever run.
set(BELAY_MAIN_OPTIONS "")
if(BELAY_FLAVOUR STREQUAL "release")
  list(APPEND BELAY_TEST_OPTIONS -g0)
  set(BELAY_SANDBOX_OPTIONS -O1)
  set(BELAY_MAIN_OPTIONS -O1)
endif()
