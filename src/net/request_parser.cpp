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

RequestParser::RequestParser(std::size_t max_header, std::size_t max_body) : max_body_(max_body) {
  header_limit(static_cast<std::uint32_t>(max_header));
  body_limit(max_body);
}

std::size_t RequestParser::parse(std::string_view bytes, error_code& error) {
  bytes_ = bytes;
  return put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
}

bool RequestParser::finish_header() {
  if (hosts_ > 1 || (hosts_ == 0 && version_ >= 11)) return false;
  auto target = split_target(origin_form(request.target));
  if (!target) return false;
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  return true;
}

void RequestParser::on_request_impl(verb, text method_text, text target, int version, error_code&) {
  request.method = std::string_view{method_text};
  request.target = std::string_view{target};
  version_ = version;
}

void RequestParser::on_response_impl(int, text, int, error_code&) {}

void RequestParser::on_field_impl(field name, text name_text, text value, error_code& error) {
  if (header_complete_) return;  // a trailer must never become a header
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
      expects_continue = version_ >= 11 && boost::beast::iequals(value, "100-continue");
      break;
    default:
      break;
  }
  request.headers.emplace(std::string_view{name_text}, std::string_view{value});
}

void RequestParser::on_header_impl(error_code&) { header_complete_ = true; }

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (length) request.body.reserve(std::min(static_cast<std::size_t>(*length), kTrustedBodyReserve));
}

std::size_t RequestParser::on_body_impl(text bytes, error_code& error) { return take_body(bytes, error); }

void RequestParser::on_chunk_header_impl(std::uint64_t, text, error_code&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, text bytes, error_code& error) { return take_body(bytes, error); }

void RequestParser::on_finish_impl(error_code&) {}

std::size_t RequestParser::take_body(std::string_view bytes, error_code& error) {
  if (bytes.size() > max_body_ - request.body.size()) {
    error = http::error::body_limit;
    return 0;
  }
  request.body.append(bytes);
  return bytes.size();
}

}  // namespace belay::net
