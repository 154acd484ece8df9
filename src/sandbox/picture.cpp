#include "sandbox/picture.hpp"

#include <array>
#include <string>

#include "crypto/digest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox {

net::Response picture_file(std::string_view name, std::string_view id) {
  static constexpr std::array<std::string_view, 8> kColours{"#0055CC", "#216E4E", "#5E4DB2", "#974F0C", "#943D73", "#206A83", "#AE2E24", "#44546F"};
  // The first character of the first word, whatever script it is in.
  std::size_t length = 1;
  while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80) ++length;
  const auto digest = crypto::sha256(id);
  const auto colour = kColours[static_cast<unsigned char>(digest[0]) % kColours.size()];
  auto answer = text_answer(200, "image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\"><rect width=\"48\" height=\"48\" rx=\"24\" fill=\"" + std::string(colour) +
                                                      "\"/><text x=\"24\" y=\"31\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"20\" fill=\"#fff\">" +
                                                      escape_html(name.substr(0, length)) + "</text></svg>\n");
  answer.headers.emplace("Cross-Origin-Resource-Policy", "cross-origin");
  answer.headers.emplace("X-Content-Type-Options", "nosniff");
  return answer;
}

}  // namespace belay::sandbox
