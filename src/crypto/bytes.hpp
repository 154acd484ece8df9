// Text as OpenSSL takes it.
#pragma once

#include <string>
#include <string_view>

namespace belay::crypto {

[[nodiscard]] inline unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
[[nodiscard]] inline const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace belay::crypto
