#include "net/transfer.hpp"

#include <algorithm>
#include <new>

#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "net/head_text.hpp"

namespace belay::net {
namespace {

constexpr std::size_t kMaxAnswerHeaders = 256 * 1024;
constexpr std::size_t kMostRoomAtOnce = 1024 * 1024;
constexpr long kReadAtOnce = 64 * 1024;   // a page of comments is 200 KB

bool is_loopback(const boost::urls::url_view& url) {
  switch (url.host_type()) {
    case boost::urls::host_type::ipv4: return url.host_ipv4_address().is_loopback();
    case boost::urls::host_type::ipv6: return url.host_ipv6_address().is_loopback();
    default: {
      static constexpr std::string_view kLocal = ".localhost";
      const std::string host = "." + std::string{url.host()};
      return host.size() >= kLocal.size() && boost::beast::iequals(std::string_view{host}.substr(host.size() - kLocal.size()), kLocal);
    }
  }
}

bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

}  // namespace

std::optional<Endpoint> endpoint_of(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty()) return std::nullopt;
  const auto scheme = parsed->scheme_id();
  if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) return std::nullopt;
  Endpoint out{.origin = {}, .host = std::string{parsed->host()}, .loopback = is_loopback(*parsed)};
  out.origin = scheme == boost::urls::scheme::https ? "https://" : "http://";
  out.origin.append(out.host).push_back(':');
  if (parsed->has_port() && !parsed->port().empty()) out.origin.append(std::string{parsed->port()});
  else out.origin.append(scheme == boost::urls::scheme::https ? "443" : "80");
  return out;
}

Transfer::Transfer(EasyHandle easy, const OutboundRequest& request, const Endpoint& endpoint, const ClientSettings& settings)
    : easy_(std::move(easy)), max_answer_(request.max_answer), idempotent_(request.idempotent) {
  auto* curl = easy_.get();
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);  // a token must not travel to another host
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // do not wait for a name server that hangs
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // Rather share one HTTP/2 connection than open another. Not without TLS: there curl learns only from the first answer that
  // the connection cannot be shared, and a slow one would hold up all others.
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, request.url.starts_with("https") ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, settings.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem_.data());
  if (endpoint.loopback) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  if (const auto authority = settings.authorities.find(endpoint.origin); authority != settings.authorities.end()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, authority->second.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, settings.connect_deadline.count())));
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, kReadAtOnce);
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.max_answer));
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, &Transfer::on_send);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, this);
  set_method(request);
  set_headers(request);
}

void Transfer::set_method(const OutboundRequest& request) {
  auto* curl = easy_.get();
  const bool may_have_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (may_have_body || !request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  } else if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    return;
  } else {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void Transfer::set_headers(const OutboundRequest& request) {
  for (const auto& [name, value] : request.headers) {
    // An empty value is written with a semicolon; with a colon curl would take the header away.
    append_header(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!request.trace_id.empty()) append_header("x-b3-traceid: " + request.trace_id);
  if (!request.headers.contains("Content-Type")) append_header("Content-Type:");  // curl would guess a form
  append_header("Expect:");                                                       // no 100-continue
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::append_header(const std::string& line) {
  auto* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc{};
  (void)headers_.release();  // part of the longer list now
  headers_.reset(longer);
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  const std::string_view line{bytes, length};
  transfer.header_bytes_ += length;
  if (transfer.header_bytes_ > kMaxAnswerHeaders) {
    transfer.too_large_ = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    transfer.response_.headers.clear();  // those of 100 Continue, say
    return length;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return length;
  transfer.response_.headers.emplace(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return length;
}

// What the other side says of its length is believed as far as it costs little: a body that grows step by step is moved at each.
void Transfer::make_room() {
  curl_off_t told = 0;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told) != CURLE_OK || told <= 0) return;
  response_.body.reserve(std::min({static_cast<std::size_t>(told), kMostRoomAtOnce, max_answer_}));
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  if (length > transfer.max_answer_ - transfer.response_.body.size()) {
    transfer.too_large_ = true;
    return 0;
  }
  if (transfer.response_.body.empty()) transfer.make_room();
  transfer.response_.body.append(bytes, length);
  return length;
}

// Called before each sending. curl repeats a request by itself when a kept connection dies before the first byte of the
// answer; the other side may have acted on it, so this is only right for what may be sent twice.
int Transfer::on_send(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.handed_over_ && !transfer.idempotent_) return CURL_PREREQFUNC_ABORT;
  transfer.handed_over_ = true;
  transfer.header_bytes_ = 0;
  transfer.response_ = {};
  return CURL_PREREQFUNC_OK;
}

Result<OutboundResponse> Transfer::outcome(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<unsigned>(status);
    return std::move(response_);
  }
  if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) return fail("answer_too_large", "more than " + std::to_string(max_answer_) + " bytes");
  const std::string cause = problem_[0] != '\0' ? problem_.data() : curl_easy_strerror(code);
  return fail_for_now(handed_over_ ? "no_answer" : "unreachable", cause);
}

EasyHandle Transfer::release() {
  curl_easy_reset(easy_.get());
  return std::move(easy_);
}

bool is_sendable(const OutboundRequest& request) {
  return is_token(request.method) && fits_a_line(request.trace_id) && request.url.find('\0') == std::string::npos &&
         std::ranges::all_of(request.headers, [](const auto& header) { return is_token(header.first) && fits_a_line(header.second); });
}

}  // namespace belay::net
