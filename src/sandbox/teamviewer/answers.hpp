// The Web API's answers and its strictness: error bodies as chapter 5 of TeamViewer's API manual has them, and the reading
// of parameters and bodies that refuses what the documentation does not name. The error is in the body, never in WWW-Authenticate.
#pragma once

#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "net/message.hpp"

namespace belay::sandbox::teamviewer {

/// A value, or the answer that says why there is none.
template <class T>
using OrAnswer = std::expected<T, net::Response>;

[[nodiscard]] net::Response answer(const json::object& body);
[[nodiscard]] net::Response no_content();

/// {error, error_description, error_code, error_signature}. `name` is one of the manual's names of errors.
[[nodiscard]] net::Response refuse(unsigned status, std::string_view name, std::string_view description);
[[nodiscard]] net::Response invalid_request(std::string_view description);
[[nodiscard]] net::Response not_found();
[[nodiscard]] net::Response invalid_permission(std::string_view description);
/// 400 whose body is not an error object: "… license limitations" as plain text, or as a JSON string.
[[nodiscard]] net::Response license_limitations(bool as_json_string);

/// Query parameters: each at most once, none that `allowed` does not name.
[[nodiscard]] std::optional<net::Response> refuse_other_parameters(const net::Request& request, std::initializer_list<std::string_view> allowed);
/// "true" or "false"; nothing when absent.
[[nodiscard]] OrAnswer<std::optional<bool>> flag(const net::Request& request, std::string_view name);

/// The JSON object of a POST or PUT.
[[nodiscard]] OrAnswer<json::object> body_of(const net::Request& request);
/// What reader.finish() found, as invalid_request.
[[nodiscard]] std::optional<net::Response> refuse_problem(const json::Reader& reader);

/// Length as JSON Schema counts it: in code points.
[[nodiscard]] std::size_t characters(std::string_view utf8);

/// Prefix letter and digits: u20914478.
[[nodiscard]] bool is_id(std::string_view text, char prefix);

}  // namespace belay::sandbox::teamviewer
