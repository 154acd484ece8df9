// The one place where an error becomes an HTTP answer (docs/openapi.yaml, x-belay-errors).
#pragma once

#include <string>
#include <string_view>

#include "base/catalogue.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "net/message.hpp"
#include "net/server.hpp"

namespace belay::gateway {

/// The status of an error code; 500 for one nobody listed, which the log then shows.
[[nodiscard]] unsigned status_of(std::string_view code);

/// {code, message, detail?, retryAfter?}, with Retry-After where the table says so.
[[nodiscard]] net::Response problem_answer(const Error& error, const Catalogue& words);

/// What the server itself refused (net::ServerSettings::refuse), with the one status that the document gives to the code.
[[nodiscard]] net::Response server_refusal(std::string_view reason, const net::ServerLimits& limits, const Catalogue& words);

[[nodiscard]] net::Response json_answer(unsigned status, const json::object& body);
/// `text` is JSON already.
[[nodiscard]] net::Response json_answer(unsigned status, std::string text);

/// What a rule's audit log shows: `automation.<code>`, by its reason or whether an agent is named where there are words for that, else as pages say it.
[[nodiscard]] std::string rule_sentence(const Error& error, std::string_view language, const Catalogue& words);

/// A page for a person whose browser came here by itself (linking). `language` from Accept-Language.
[[nodiscard]] net::Response problem_page(const Error& error, std::string_view accept_language, const Catalogue& words);

/// Headers every answer carries. `secure`: public_url is https, so that browsers are told to stay with it.
void add_safety_headers(net::Response& response, bool secure);

}  // namespace belay::gateway
