// Turns the bytes of a connection into a net::Request without an intermediate message: Beast's parser calls back with
// views, which are copied once into the place where the handler reads them (RFC 9112).
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include "net/message.hpp"

namespace belay::net {

/// Stricter than Beast where two readers of one connection could disagree (request smuggling): refuses folded headers, any
/// transfer coding but a single `chunked`, a transfer coding in HTTP/1.0, and a missing or second Host.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(std::size_t max_header, std::size_t max_body);

  /// Like put(), with the bytes remembered: where a header value lies in them tells whether it was folded.
  std::size_t parse(std::string_view bytes, boost::system::error_code& error);

  /// Complete once is_done(), header part once is_header_done(). `path` and `query` are filled by finish_header().
  Request request;
  /// The client waits for 100 Continue before it sends the body.
  bool expects_continue = false;

  [[nodiscard]] bool is_http_1_0() const { return version_ == 10; }

  /// Splits the target and checks Host. False: a bad request.
  bool finish_header();

 private:
  using error_code = boost::system::error_code;
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;
  using text = boost::beast::string_view;  // becomes a std::string_view by itself

  void on_request_impl(verb method, text method_text, text target, int version, error_code& error) override;
  void on_response_impl(int code, text reason, int version, error_code& error) override;
  void on_field_impl(field name, text name_text, text value, error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
  std::size_t on_body_impl(text bytes, error_code& error) override;
  void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, text bytes, error_code& error) override;
  void on_finish_impl(error_code& error) override;

  std::size_t take_body(std::string_view bytes, error_code& error);

  std::string_view bytes_;
  std::size_t max_body_;
  int version_ = 11;
  int hosts_ = 0;
  bool header_complete_ = false;
};

}  // namespace belay::net
