#include "belayd/words.hpp"

namespace belay::belayd {

Result<Catalogue> load_words() {
  Catalogue words;
  for (const auto& file : language_files()) BELAY_CHECK(words.add(std::string(file.language), file.text));
  return words;
}

}  // namespace belay::belayd
