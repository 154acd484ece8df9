// How answers of the sandbox are put together, so that every party's look the same where the real ones do.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "net/message.hpp"

namespace belay::sandbox {

[[nodiscard]] net::Response json_answer(unsigned status, const json::value& body);
[[nodiscard]] net::Response empty_answer(unsigned status);
[[nodiscard]] net::Response text_answer(unsigned status, std::string_view content_type, std::string body);
/// 303: the browser follows with GET, whatever it sent.
[[nodiscard]] net::Response redirect(std::string_view location);

/// & < > " ' as entities: for text and for quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// The value of one cookie of the Cookie header, or nothing.
[[nodiscard]] std::string cookie_of(const net::Request& request, std::string_view name);

}  // namespace belay::sandbox
