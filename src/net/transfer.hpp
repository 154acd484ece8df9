// One try of an outbound call: the curl handle with its options, and what came back.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <curl/curl.h>

#include "net/client.hpp"

namespace belay::net {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, EasyDeleter>;

/// Where a URL leads, as far as the client's rules ask.
struct Endpoint {
  std::string origin;  ///< https://api.example.com:443: the key of the retry budget
  std::string host;
  bool loopback = false;
};
/// Nothing unless absolute, http or https, with a host and without user information.
[[nodiscard]] std::optional<Endpoint> endpoint_of(std::string_view url);

/// Whether a request can be put on the wire as it is: no line breaks where a line ends.
[[nodiscard]] bool is_sendable(const OutboundRequest& request);

/// curl keeps pointers into it: it stays where it was made until the transfer has ended. `request` must outlive it. Of the time that is left it
/// knows nothing: whoever carries it out ends it then.
class Transfer final {
 public:
  Transfer(EasyHandle easy, const OutboundRequest& request, const Endpoint& endpoint, const ClientSettings& settings);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* handle() const { return easy_.get(); }

  /// What the try came to, once curl has ended it with `code`.
  [[nodiscard]] Result<OutboundResponse> outcome(CURLcode code);

  /// Gives the handle back, cleaned, for the next try.
  [[nodiscard]] EasyHandle release();

 private:
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void set_method(const OutboundRequest& request);
  void set_headers(const OutboundRequest& request);
  void make_room();
  void append_header(const std::string& line);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static int on_send(void* self, char*, char*, int, int);

  EasyHandle easy_;
  std::unique_ptr<curl_slist, ListDeleter> headers_;
  std::array<char, CURL_ERROR_SIZE> problem_{};
  OutboundResponse response_;
  std::size_t max_answer_;
  std::size_t header_bytes_ = 0;
  bool idempotent_;
  bool too_large_ = false;
  bool handed_over_ = false;  // curl began to send the request
};

}  // namespace belay::net
