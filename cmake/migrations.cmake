# Puts the files of db/migrations into the program, so that a binary brings its own schema.
#
#   belay_embed_migrations(belay_storage)
#
# Called as a script (-DINPUT=… -DOUTPUT=…) it writes the C++ source; included, it makes that a build step.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB files RELATIVE "${INPUT}" "${INPUT}/*.sql")
  list(SORT files)
  set(source "// Written by cmake/migrations.cmake from db/migrations.\n#include \"storage/migrations.hpp\"\n\nnamespace belay::storage {\n\n")
  string(APPEND source "std::span<const MigrationFile> migration_files() {\n  static constexpr MigrationFile kFiles[] = {\n")
  foreach(file IN LISTS files)
    file(READ "${INPUT}/${file}" text)
    string(APPEND source "    {\"${file}\", R\"sql(${text})sql\"},\n")
  endforeach()
  string(APPEND source "  };\n  return kFiles;\n}\n\n}  // namespace belay::storage\n")
  file(WRITE "${OUTPUT}" "${source}")
  return()
endif()

function(belay_embed_migrations target)
  set(folder "${CMAKE_SOURCE_DIR}/db/migrations")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/migration_files.cpp")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.sql")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} -DINPUT=${folder} -DOUTPUT=${output} -P "${CMAKE_SOURCE_DIR}/cmake/migrations.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/migrations.cmake"
    COMMENT "Embedding migrations"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
