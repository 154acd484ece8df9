#include "storage/stored_error.hpp"

#include "base/json.hpp"
#include "storage/failure.hpp"

namespace belay::storage {

std::optional<std::string> to_column(const std::optional<Error>& error) {
  if (!error) return std::nullopt;
  json::object document{{"code", error->code}, {"cause", error->cause}, {"detail", error->detail}, {"retryable", error->retryable}};
  if (error->retry_after) document["retry_after"] = error->retry_after->count();
  return boost::json::serialize(document);
}

std::optional<Error> error_from_column(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  auto document = json::parse_object(*text);
  if (!document) throw Failure{std::move(document).error()};
  Error error;
  error.code = json::string_at(*document, "code").value_or("");
  error.cause = json::string_at(*document, "cause").value_or("");
  if (const auto* detail = json::object_at(*document, "detail")) error.detail = *detail;
  error.retryable = json::bool_at(*document, "retryable").value_or(false);
  if (const auto after = json::integer_at(*document, "retry_after")) error.retry_after = Milliseconds{*after};
  return error;
}

}  // namespace belay::storage
