// Turns the bytes of a connection into a net::Request without an intermediate message: Beast's header parser calls back with
// views, which are copied once into the place where the handler reads them (RFC 9112).
#pragma once

#include <cstdint>

#include <boost/beast/http/basic_parser.hpp>

#include "net/chunked_body.hpp"
#include "net/message.hpp"

namespace belay::net {

/// Stricter than Beast where two readers of one connection could disagree (request smuggling): refuses folded headers, any
/// transfer coding but a single `chunked`, a transfer coding in HTTP/1.0, and a missing or second Host.
/// One object reads one request.
class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  enum class Progress {
    need_more,         ///< read on, and offer what was not used again
    header_complete,   ///< told once, when a body follows
    complete,
    bad_request,
    header_too_large,
    body_too_large,
  };
  struct Step {
    std::size_t used;
    Progress progress;
  };

  /// `max_long_body`: of a request for whose path `takes_long_body` says so.
  RequestParser(std::size_t max_header, std::size_t max_body, std::size_t max_long_body = 0, std::function<bool(const std::vector<std::string>& path)> takes_long_body = {});

  /// Takes what it can from the front of `bytes`. Not to be called again after one of the last four.
  Step parse(std::string_view bytes);

  /// Whole once `complete`.
  Request request;

  [[nodiscard]] bool has_begun() const { return got_some(); }
  /// The client waits for 100 Continue before it sends the body.
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] bool is_http_1_0() const { return version_ == 10; }
  [[nodiscard]] bool wants_keep_alive() const { return keep_alive(); }

 private:
  using error_code = boost::system::error_code;
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;
  using text = boost::beast::string_view;  // becomes a std::string_view by itself

  void on_request_impl(verb method, text method_text, text target, int version, error_code& error) override;
  void on_response_impl(int, text, int, error_code&) override {}
  void on_field_impl(field name, text name_text, text value, error_code& error) override;
  void on_header_impl(error_code&) override {}
  // Beast is told to stop behind the header.
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(text, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  Step parse_header(std::string_view bytes);
  Progress finish_header();
  Step parse_body(std::string_view bytes);

  std::string_view bytes_;
  std::size_t max_header_;
  std::size_t max_body_;
  std::size_t max_long_body_;
  std::function<bool(const std::vector<std::string>&)> takes_long_body_;
  std::uint64_t body_left_ = 0;
  ChunkedBody chunks_;
  int version_ = 11;
  int hosts_ = 0;
  bool expects_continue_ = false;
};

}  // namespace belay::net
