# Puts the message catalogues of i18n/ into the program.
#
#   belay_embed_catalogue(belay_belayd)
#
# Called as a script (-DINPUT=… -DOUTPUT=…) it writes the C++ source; included, it makes that a build step.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB files "${INPUT}/*.json")
  list(SORT files)
  # A compiler need not take more than 65,536 characters in one literal; clang takes what there is.
  set(source "// Written by cmake/catalogue.cmake from i18n.\n#pragma clang diagnostic ignored \"-Woverlength-strings\"\n\n#include \"belayd/words.hpp\"\n\nnamespace belay::belayd {\n\n")
  string(APPEND source "std::span<const LanguageFile> language_files() {\n  static constexpr LanguageFile kFiles[] = {\n")
  foreach(file IN LISTS files)
    get_filename_component(language "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND source "    {\"${language}\", R\"words(${text})words\"},\n")
  endforeach()
  string(APPEND source "  };\n  return kFiles;\n}\n\n}  // namespace belay::belayd\n")
  file(WRITE "${OUTPUT}" "${source}")
  return()
endif()

function(belay_embed_catalogue target)
  set(folder "${CMAKE_SOURCE_DIR}/i18n")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/language_files.cpp")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.json")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} -DINPUT=${folder} -DOUTPUT=${output} -P "${CMAKE_SOURCE_DIR}/cmake/catalogue.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/catalogue.cmake"
    COMMENT "Embedding message catalogues"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
