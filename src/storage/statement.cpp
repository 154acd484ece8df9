#include "storage/statement.hpp"

#include <charconv>
#include <stdexcept>

#include "storage/failure.hpp"

namespace belay::storage {

std::string quoted_somewhere(std::string_view text) {
  std::string pattern = "%\"";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "\"%";
}

Column& Row::take() {
  if (next_ == columns_.size()) throw std::logic_error("a row has fewer columns than were read");
  return columns_[next_++];
}

std::optional<std::string> Row::maybe_text() {
  auto& column = take();
  if (column.state == soci::i_null) return std::nullopt;
  return std::move(column.text);
}

std::string Row::text() {
  auto value = maybe_text();
  if (!value) throw std::logic_error("a column that is never null is null");
  return std::move(*value);
}

std::optional<std::int64_t> Row::maybe_number() {
  const auto& column = take();
  if (column.state == soci::i_null) return std::nullopt;
  std::int64_t number = 0;
  const auto* end = column.text.data() + column.text.size();
  const auto [rest, problem] = std::from_chars(column.text.data(), end, number);
  if (problem != std::errc{} || rest != end) throw std::logic_error("a column that holds a number holds something else");
  return number;
}

std::int64_t Row::number() {
  const auto value = maybe_number();
  if (!value) throw std::logic_error("a column that is never null is null");
  return *value;
}

std::optional<Time> Row::maybe_time() {
  const auto value = maybe_number();
  if (!value) return std::nullopt;
  return from_millis(*value);
}

json::object Row::object() {
  auto parsed = json::parse_object(text());
  if (!parsed) throw Failure{Error{.code = "storage_unavailable", .cause = "a stored document is no JSON object", .detail = {}, .retryable = false, .retry_after = {}}};
  return std::move(*parsed);
}

Statement::Statement(soci::session& session, const Query& query) : query_(query), statement_(session) {
  columns_.resize(static_cast<std::size_t>(query.columns));
  statement_.alloc();
  statement_.prepare(std::string(query.sql));
}

Statement& Statement::fresh() {
  given_ = 0;
  if (!bound_) parameters_.clear();
  return *this;
}

Statement::Parameter& Statement::parameter(std::string_view name, bool is_number) {
  if (!bound_) {
    auto& added = parameters_.emplace_back(Parameter{.name = std::string(name), .is_number = is_number, .text = {}});
    ++given_;
    return added;
  }
  if (given_ == parameters_.size() || parameters_[given_].name != name || parameters_[given_].is_number != is_number) {
    throw std::logic_error("parameters of a statement come in one order: " + std::string(name));
  }
  return parameters_[given_++];
}

Statement& Statement::with(std::string_view name, std::string_view text) {
  auto& to = parameter(name, false);
  to.text.assign(text);
  to.state = soci::i_ok;
  return *this;
}

Statement& Statement::with(std::string_view name, std::int64_t number) {
  auto& to = parameter(name, true);
  to.number = number;
  to.state = soci::i_ok;
  return *this;
}

Statement& Statement::with_no_text(std::string_view name) {
  parameter(name, false).state = soci::i_null;
  return *this;
}

Statement& Statement::with_no_number(std::string_view name) {
  parameter(name, true).state = soci::i_null;
  return *this;
}

void Statement::bind() {
  for (auto& parameter : parameters_) {
    if (parameter.is_number) statement_.exchange(soci::use(parameter.number, parameter.state, parameter.name));
    else statement_.exchange(soci::use(parameter.text, parameter.state, parameter.name));
  }
  for (auto& column : columns_) statement_.exchange(soci::into(column.text, column.state));
  statement_.define_and_bind();
  bound_ = true;
}

void Statement::start() {
  if (!bound_) bind();
  if (given_ != parameters_.size()) throw std::logic_error("a statement was run without all of its parameters");
  given_ = 0;
  spoilt_ = true;   // until its last row is read
  statement_.execute(false);
}

// What the database refused in the middle keeps the values it was given: SOCI lets go of them after a run that ended well only, and in the next run
// takes them for those that are null.
std::size_t Statement::run() {
  if (!bound_) bind();
  if (given_ != parameters_.size()) throw std::logic_error("a statement was run without all of its parameters");
  given_ = 0;
  spoilt_ = true;
  statement_.execute(true);
  spoilt_ = false;
  const auto changed = statement_.get_affected_rows();
  return changed < 0 ? 0 : static_cast<std::size_t>(changed);
}

bool Statement::fetch() {
  const bool more = statement_.fetch();
  if (!more) spoilt_ = false;
  return more;
}

void Statement::check_end(const Row& row) const {
  if (!row.at_end()) throw std::logic_error("a row has more columns than were read: " + std::string(query_.sql));
}

}  // namespace belay::storage
