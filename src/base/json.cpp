#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

namespace belay::json {
namespace {

// The members so far of every object that is open, innermost last; their names one after the other in one text. Most objects have few; with
// many, looking through all of them for each would be a way to keep us busy.
class OpenObjects {
 public:
  OpenObjects() {   // room for what is usually read, so that it need not grow step by step
    text_.reserve(512);
    names_.reserve(32);
    objects_.reserve(8);
  }
  void open() { objects_.push_back({.first = names_.size(), .left_out = 0, .many = {}}); }
  void leave_out() { ++objects_.back().left_out; }
  /// How many members of it were left out.
  std::size_t close() {
    const auto [first, left_out] = std::pair(objects_.back().first, objects_.back().left_out);
    if (first < names_.size()) text_.resize(names_[first].begin);
    names_.resize(first);
    objects_.pop_back();
    return left_out;
  }
  void begin_name(std::string_view part) { text_.append(part); }
  /// The last part of a name. False: the innermost object has it already.
  bool end_name(std::string_view part) {
    text_.append(part);
    auto& [first, left_out, many] = objects_.back();
    const auto begin = names_.empty() ? 0 : names_.back().begin + names_.back().size;
    const Name name{.begin = begin, .size = text_.size() - begin};
    if (!many.empty()) {
      if (!many.emplace(text_of(name)).second) return false;
    } else {
      for (auto at = first; at < names_.size(); ++at) {
        if (text_of(names_[at]) == text_of(name)) return false;
      }
    }
    names_.push_back(name);
    if (many.empty() && names_.size() - first > kFew) {
      for (auto at = first; at < names_.size(); ++at) many.emplace(text_of(names_[at]));
    }
    return true;
  }

 private:
  static constexpr std::size_t kFew = 32;
  struct Name { std::size_t begin, size; };
  struct Object {
    std::size_t first;                          // of its names
    std::size_t left_out;
    std::unordered_set<std::string> many;
  };
  [[nodiscard]] std::string_view text_of(const Name& name) const { return std::string_view(text_).substr(name.begin, name.size); }

  std::string text_;
  std::vector<Name> names_;
  std::vector<Object> objects_;
};

// The value that is left out at the moment: the next one, or all within an object or an array.
class LeftOut {
 public:
  void next() { next_ = true; }
  [[nodiscard]] bool within() const { return depth_ > 0; }
  [[nodiscard]] bool is_part() const { return next_ || within(); }
  /// Of an object or an array.
  bool begins() {
    if (!is_part()) return false;
    next_ = false;
    ++depth_;
    return true;
  }
  bool ends() {
    if (!within()) return false;
    --depth_;
    return true;
  }
  /// Of any other value.
  bool is_all() {
    if (!is_part()) return false;
    next_ = false;
    return true;
  }

 private:
  bool next_ = false;
  std::size_t depth_ = 0;
};

// Builds values as boost::json::parser does, and stops at the first member that is named twice.
class UniqueMembersHandler {
 public:
  static constexpr std::size_t max_object_size = 100'000;
  static constexpr std::size_t max_array_size = 100'000;
  static constexpr std::size_t max_key_size = 4'096;
  static constexpr std::size_t max_string_size = 4'000'000;

  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  std::array<unsigned char, 4'096> usual_room;   // for values whose object or array is still open; more is found elsewhere
  boost::json::value_stack stack{{}, usual_room.data(), usual_room.size()};
  Reading reading;

  bool on_document_begin(error_code&) { stack.reset(reading.storage); return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    if (!left_out_.begins()) objects_.open();
    return true;
  }
  bool on_object_end(std::size_t count, error_code&) {
    if (!left_out_.ends()) stack.push_object(count - objects_.close());
    return true;
  }
  bool on_array_begin(error_code&) { left_out_.begins(); return true; }
  bool on_array_end(std::size_t count, error_code&) {
    if (!left_out_.ends()) stack.push_array(count);
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    if (left_out_.within()) return true;
    objects_.begin_name(part);
    stack.push_chars(part);
    return true;
  }
  bool on_key(string_view part, std::size_t size, error_code& error) {
    if (left_out_.within()) return true;
    if (!objects_.end_name(part)) { error = boost::json::error::syntax; return false; }
    if (part.size() == size && std::ranges::find(reading.left_out, std::string_view(part)) != reading.left_out.end()) {
      left_out_.next();
      objects_.leave_out();
    } else {
      stack.push_key(part);
    }
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    if (!left_out_.is_part()) stack.push_chars(part);
    return true;
  }
  bool on_string(string_view part, std::size_t, error_code&) {
    if (!left_out_.is_all()) stack.push_string(part);
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) {
    if (!left_out_.is_all()) stack.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    if (!left_out_.is_all()) stack.push_uint64(number);
    return true;
  }
  bool on_double(double number, string_view, error_code& error) {
    if (!std::isfinite(number)) { error = boost::json::error::exponent_overflow; return false; }  // could not be written again
    if (!left_out_.is_all()) stack.push_double(number);
    return true;
  }
  bool on_bool(bool flag, error_code&) {
    if (!left_out_.is_all()) stack.push_bool(flag);
    return true;
  }
  bool on_null(error_code&) {
    if (!left_out_.is_all()) stack.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  OpenObjects objects_;
  LeftOut left_out_;
};

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
  });
}

}  // namespace

Result<value> parse(std::string_view text, std::size_t max_depth, boost::json::storage_ptr storage) {
  return parse(text, Reading{.max_depth = max_depth, .storage = std::move(storage), .left_out = {}});
}

Result<value> parse(std::string_view text, const Reading& reading) {
  boost::json::parse_options options;
  options.max_depth = reading.max_depth;
  boost::json::basic_parser<UniqueMembersHandler> parser{options};
  parser.handler().reading = reading;
  boost::json::error_code error;
  const auto read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = boost::json::error::extra_data;
  if (error) return fail("invalid_json", error.message());
  return parser.handler().stack.release();
}

Result<object> parse_object(std::string_view text, boost::json::storage_ptr storage) {
  BELAY_TRY(parsed, parse(text, kMaxDepth, std::move(storage)));
  if (!parsed.is_object()) return fail("invalid_json", "not a JSON object");
  return std::move(parsed.as_object());
}

value parse_or_null(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) return nullptr;
  return std::move(*parsed);
}

std::optional<std::string> string_at(const object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string(found->get_string());
}

std::optional<std::int64_t> integer_at(const object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  if (found == nullptr || !found->is_int64()) return std::nullopt;
  return found->get_int64();
}

std::optional<bool> bool_at(const object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  if (found == nullptr || !found->is_bool()) return std::nullopt;
  return found->get_bool();
}

const object* object_at(const object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  return found == nullptr ? nullptr : found->if_object();
}

const array* array_at(const object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  return found == nullptr ? nullptr : found->if_array();
}

const value* Reader::take(std::string_view key) {
  read_.emplace_back(key);
  if (problem_) return nullptr;
  const auto* found = from_.if_contains(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

void Reader::keep(Error problem) {
  if (!problem_) problem_ = std::move(problem);
}

void Reader::refuse(std::string_view key, FieldRule rule, object figures) { keep(field_error(key, rule, std::move(figures))); }

void Reader::refuse(std::string_view key, std::string_view rule) {
  keep(Error{.code = "invalid_field", .cause = {}, .detail = {{"field", key}, {"rule", rule}}, .retryable = false, .retry_after = {}});
}

std::optional<std::string> Reader::optional_string(std::string_view key, std::size_t max_bytes) {
  const auto* found = take(key);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) { refuse(key, FieldRule::string); return std::nullopt; }
  const std::string_view text = found->get_string();
  if (text.size() > max_bytes) { refuse(key, FieldRule::max_bytes, {{"limit", max_bytes}}); return std::nullopt; }
  if (has_control_characters(text)) { refuse(key, FieldRule::no_control_characters); return std::nullopt; }
  return std::string(text);
}

std::string Reader::required_string(std::string_view key, std::size_t max_bytes) {
  auto text = optional_string(key, max_bytes);
  if (!text || text->empty()) { refuse(key, FieldRule::required); return {}; }
  return std::move(*text);
}

std::optional<bool> Reader::optional_bool(std::string_view key) {
  const auto* found = take(key);
  if (found == nullptr) return std::nullopt;
  if (!found->is_bool()) { refuse(key, FieldRule::boolean); return std::nullopt; }
  return found->get_bool();
}

std::optional<std::int64_t> Reader::optional_integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const auto* found = take(key);
  if (found == nullptr) return std::nullopt;
  if (!found->is_int64()) { refuse(key, FieldRule::integer); return std::nullopt; }
  const auto number = found->get_int64();
  if (number < least || number > most) { refuse(key, FieldRule::range, {{"least", least}, {"most", most}}); return std::nullopt; }
  return number;
}

std::optional<object> Reader::optional_object(std::string_view key) {
  const auto* found = take(key);
  if (found == nullptr) return std::nullopt;
  if (!found->is_object()) { refuse(key, FieldRule::object); return std::nullopt; }
  return found->get_object();
}

std::optional<array> Reader::optional_array(std::string_view key, std::size_t max_items) {
  const auto* found = take(key);
  if (found == nullptr) return std::nullopt;
  if (!found->is_array()) { refuse(key, FieldRule::array); return std::nullopt; }
  if (found->get_array().size() > max_items) { refuse(key, FieldRule::max_items, {{"limit", max_items}}); return std::nullopt; }
  return found->get_array();
}

std::optional<std::string> Reader::optional_choice(std::string_view key, std::span<const std::string_view> allowed) {
  auto text = optional_string(key, 64);
  if (!text) return std::nullopt;
  if (std::ranges::find(allowed, *text) == allowed.end()) { refuse(key, FieldRule::choice, {{"choices", array(allowed.begin(), allowed.end())}}); return std::nullopt; }
  return text;
}

Result<void> Reader::finish() const {
  if (problem_) return std::unexpected(*problem_);
  for (const auto& member : from_) {
    if (std::ranges::find(read_, std::string_view(member.key())) == read_.end()) {
      return fail("unknown_field", "unknown member", {{"field", member.key()}});
    }
  }
  return {};
}

}  // namespace belay::json
