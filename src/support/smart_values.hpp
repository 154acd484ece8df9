// Finds `{{name}}` in a text, as Jira Automation writes smart values: spaces inside the braces do not count, a value stands
// on one line. Knows no names and never fails; what looks like a smart value and is none comes out as broken, so that the
// person who typed it learns of it.
#pragma once

#include <string_view>
#include <vector>

namespace belay::support {

struct TextPiece {
  enum class Kind {
    literal,   ///< text as it is
    variable,  ///< {{name}}
    broken,    ///< braces that open or close nothing: `{{session.link`, `{{session.link}`, `{{}}`, `{{{x}}}`, a lone `}}`
  };
  Kind kind = Kind::literal;
  std::string_view typed;  ///< the whole piece; all pieces one after the other are the text again
  std::string_view name;   ///< what stands between the braces, as far as it can be told
  friend bool operator==(const TextPiece&, const TextPiece&) = default;
};

/// The pieces point into `text`.
[[nodiscard]] std::vector<TextPiece> split_smart_values(std::string_view text);

}  // namespace belay::support
