#include "net/request_parser.hpp"

#include <algorithm>
#include <functional>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace belay::net {

namespace http = boost::beast::http;

namespace {

// What is set aside for a body before it comes: a client can claim a length and send nothing.
constexpr std::size_t kTrustedBodyReserve = 16 * 1024;

// Header fields beyond this are an attack on memory, not a request.
constexpr std::size_t kMaxFields = 200;

// Beast joins the lines of a folded value in a buffer of its own, or skips a first line that is blank: either way the value
// does not follow its name on one line of what was read.
bool is_folded(std::string_view name, std::string_view value, std::string_view bytes) {
  const std::less_equal<const char*> not_after;
  const char* name_end = name.data() + name.size();
  if (!not_after(name_end, value.data()) || !not_after(value.data() + value.size(), bytes.data() + bytes.size())) return true;
  return std::find(name_end, value.data(), '\n') != value.data();
}

// "Example.com:8080" -> "example.com"; an IPv6 literal keeps its brackets.
std::string host_without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end != std::string_view::npos) host = host.substr(0, end + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  std::string out{host};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

// RFC 9112, section 3.2.2: a server must understand the form that is meant for proxies.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto path = target.find('/', scheme.size());
    return path == std::string_view::npos ? std::string_view{"/"} : target.substr(path);
  }
  return target;
}

}  // namespace

RequestParser::RequestParser(std::size_t max_header, std::size_t max_body, std::size_t max_long_body, std::function<bool(const std::vector<std::string>& path)> takes_long_body)
    : max_header_(max_header), max_body_(max_body), max_long_body_(max_long_body), takes_long_body_(std::move(takes_long_body)), chunks_(max_body) {
  header_limit(static_cast<std::uint32_t>(max_header));
  body_limit(boost::none);
  skip(true);
}

RequestParser::Step RequestParser::parse(std::string_view bytes) { return is_header_done() ? parse_body(bytes) : parse_header(bytes); }

RequestParser::Step RequestParser::parse_header(std::string_view bytes) {
  bytes_ = bytes;
  error_code error;
  const auto used = put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  if (error == http::error::header_limit) return {used, Progress::header_too_large};
  if (error == http::error::need_more) return {used, bytes.size() - used > max_header_ ? Progress::header_too_large : Progress::need_more};
  if (error) return {used, Progress::bad_request};
  return {used, is_header_done() ? finish_header() : Progress::need_more};
}

RequestParser::Progress RequestParser::finish_header() {
  if (hosts_ > 1 || (hosts_ == 0 && version_ >= 11)) return Progress::bad_request;
  auto target = split_target(origin_form(request.target));
  if (!target) return Progress::bad_request;
  request.path = std::move(target->path);
  request.query = std::move(target->query);

  if (takes_long_body_ && takes_long_body_(request.path)) {
    max_body_ = max_long_body_;
    chunks_ = ChunkedBody{max_body_};
  }
  body_left_ = content_length().value_or(0);
  if (body_left_ > max_body_) return Progress::body_too_large;
  if (body_left_ == 0 && !chunked()) return Progress::complete;
  request.body.reserve(std::min(static_cast<std::size_t>(body_left_), kTrustedBodyReserve));
  return Progress::header_complete;
}

RequestParser::Step RequestParser::parse_body(std::string_view bytes) {
  if (!chunked()) {
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, bytes.size()));
    request.body.append(bytes.substr(0, taken));
    body_left_ -= taken;
    return {taken, body_left_ == 0 ? Progress::complete : Progress::need_more};
  }
  auto rest = bytes;
  const auto progress = chunks_.read(rest, request.body);
  const auto used = bytes.size() - rest.size();
  switch (progress) {
    case ChunkedBody::Progress::need_more: return {used, Progress::need_more};
    case ChunkedBody::Progress::complete: return {used, Progress::complete};
    case ChunkedBody::Progress::too_large: return {used, Progress::body_too_large};
    case ChunkedBody::Progress::malformed: break;
  }
  return {used, Progress::bad_request};
}

void RequestParser::on_request_impl(verb, text method_text, text target, int version, error_code&) {
  request.method = std::string_view{method_text};
  request.target = std::string_view{target};
  version_ = version;
}

void RequestParser::on_field_impl(field name, text name_text, text value, error_code& error) {
  if (is_folded(name_text, value, bytes_)) {
    error = http::error::bad_value;
    return;
  }
  if (request.headers.size() >= kMaxFields) {
    error = http::error::header_limit;
    return;
  }
  switch (name) {
    case field::host:
      ++hosts_;
      request.host = host_without_port(value);
      break;
    case field::transfer_encoding:
      if (version_ < 11 || !boost::beast::iequals(value, "chunked") || request.headers.contains("Transfer-Encoding")) {
        error = http::error::bad_transfer_encoding;
        return;
      }
      break;
    case field::expect:
      expects_continue_ = version_ >= 11 && boost::beast::iequals(value, "100-continue");
      break;
    default:
      break;
  }
  request.headers.emplace(std::string_view{name_text}, std::string_view{value});
}

}  // namespace belay::net
