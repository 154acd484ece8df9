#include "net/response_head.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/core.h>

#include "base/log.hpp"
#include "net/head_text.hpp"

namespace belay::net {
namespace {

using boost::beast::iequals;

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

bool is_the_servers(std::string_view name) {
  switch (name.size()) {
    case 4: return iequals(name, "Date");
    case 10: return iequals(name, "Connection") || iequals(name, "Keep-Alive");
    case 14: return iequals(name, "Content-Length");
    case 17: return iequals(name, "Transfer-Encoding");
    default: return false;
  }
}

}  // namespace

bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

void write_head(std::string& out, const Response& response, const HeadContext& context) {
  out.clear();
  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  out.push_back(' ');
  out.append(boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status)));
  out.append("\r\nDate: ").append(context.date).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    if (is_the_servers(name)) continue;
    if (name.empty() || !fits_a_line(name) || !fits_a_line(value) || name.find(':') != std::string::npos) {
      log::error("response_header_dropped", {{"length", name.size()}});
      continue;
    }
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (has_body(response.status)) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (!context.keep_alive) out.append("Connection: close\r\n");
  else if (context.http_1_0) out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
}

std::string to_http_date(std::int64_t unix_seconds) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds time{std::chrono::seconds{unix_seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace belay::net
