#include "net/client.hpp"

#include <csignal>
#include <ctime>
#include <list>
#include <random>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "base/log.hpp"
#include "net/curl_multi.hpp"
#include "net/retry_budget.hpp"
#include "net/retry_delay.hpp"
#include "net/single_flight.hpp"
#include "net/transfer.hpp"

namespace belay::net {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

// A caller who waits for another's call gives it this long beyond its own deadline, so that the call's own answer is heard.
constexpr milliseconds kSharedGrace{50};

// curl handles kept for the next call; each holds a few KiB.
constexpr std::size_t kSpareHandles = 8;

// Once for the process, and never undone: other threads may use OpenSSL until the end.
void start_curl() {
  static const bool started = [] {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  }();
  if (!started) throw std::runtime_error{"curl_global_init failed"};
}

// When a call has to have ended. A shared one is asked again and again: callers who come later may put it off.
using Deadline = std::function<Clock::time_point()>;

// Ends a transfer when its time is over. curl has a limit of its own, but that one cannot be put off while the transfer runs.
class TimeLimit final : public std::enable_shared_from_this<TimeLimit> {
 public:
  TimeLimit(asio::io_context& io, std::shared_ptr<CurlMulti> multi, CURL* transfer, Deadline deadline)
      : timer_(io), multi_(std::move(multi)), transfer_(transfer), deadline_(std::move(deadline)) {}

  void watch() {
    timer_.expires_at(deadline_());
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
      const auto self = weak.lock();
      if (!self || stopped) return;
      if (Clock::now() < self->deadline_()) return self->watch();
      self->multi_->end(self->transfer_, CURLE_OPERATION_TIMEDOUT);
    });
  }

 private:
  asio::steady_timer timer_;
  std::shared_ptr<CurlMulti> multi_;
  CURL* transfer_;
  Deadline deadline_;
};

bool asks_for_patience(unsigned status) { return status == 429 || status == 502 || status == 503 || status == 504; }

bool is_success(const Result<OutboundResponse>& outcome) { return outcome && outcome->status != 429 && outcome->status < 500; }

// A failed connection sent nothing and may always be tried again; what may have been sent, only if twice does no harm.
bool is_worth_another_try(const Result<OutboundResponse>& outcome, const OutboundRequest& request) {
  if (outcome) return request.idempotent && asks_for_patience(outcome->status) && (outcome->status != 429 || request.retry_rate_limited);
  return outcome.error().code == "unreachable" || (request.idempotent && outcome.error().code == "no_answer");
}

}  // namespace

struct Client::Implementation {
  Implementation(asio::io_context& context, ClientSettings client_settings)
      : io(context),
        settings(std::move(client_settings)),
        multi(std::make_shared<CurlMulti>(context, settings.max_connections_per_host)),
        flights(context) {}

  using Self = std::shared_ptr<Implementation>;
  static Task<Result<OutboundResponse>> send(Self self, OutboundRequest request);
  static Task<Result<OutboundResponse>> call(Self self, OutboundRequest request, Deadline deadline);
  static Task<Result<OutboundResponse>> try_once(Self self, const OutboundRequest& request, const Endpoint& endpoint, const Deadline& deadline);
  static Task<void> pause(Self self, milliseconds time);

  std::optional<milliseconds> pause_before(int next_try, const OutboundRequest& request, const Endpoint& endpoint,
                                           const Result<OutboundResponse>& outcome, Clock::time_point until);
  RetryBudget& budget_of(const Endpoint& endpoint);
  EasyHandle take_handle();
  void report(const OutboundRequest& request, const Endpoint& endpoint, const Result<OutboundResponse>& outcome, int tries, Clock::duration took);

  asio::io_context& io;
  ClientSettings settings;
  std::shared_ptr<CurlMulti> multi;
  SingleFlight<Result<OutboundResponse>> flights;
  std::map<std::string, RetryBudget> budgets;
  std::vector<EasyHandle> spare;
  std::list<asio::steady_timer*> pauses;
  std::vector<std::function<void(const CallObserved&)>> observers;
  std::minstd_rand random{std::random_device{}()};
  bool stopped = false;
};

std::optional<std::string_view> OutboundResponse::header(std::string_view name) const {
  const auto found = headers.find(name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::optional<milliseconds> OutboundResponse::retry_after() const {
  const auto text = header("Retry-After");
  if (!text) return std::nullopt;
  return read_retry_after(*text, std::time(nullptr));
}

Task<Result<OutboundResponse>> Client::Implementation::send(Self self, OutboundRequest request) {
  if (request.single_flight_key.empty()) {
    Deadline deadline = [until = Clock::now() + request.deadline] { return until; };
    co_return co_await call(self, std::move(request), std::move(deadline));
  }
  const auto patience = request.deadline + kSharedGrace;
  const auto key = request.single_flight_key;
  decltype(flights)::Call start = [self, request](const auto& until) { return call(self, request, [until] { return *until - kSharedGrace; }); };
  auto shared = co_await self->flights.share(key, patience, std::move(start));
  if (!shared) co_return fail_for_now("no_answer", "the call under way did not end in time");
  co_return std::move(*shared);
}

Task<Result<OutboundResponse>> Client::Implementation::call(Self self, OutboundRequest request, Deadline deadline) {
  const auto begin = Clock::now();
  const auto endpoint = endpoint_of(request.url);
  if (!endpoint || !is_sendable(request)) co_return fail("unreachable", "not a request that can be sent");

  int tries = 0;
  Result<OutboundResponse> outcome = fail_for_now("cancelled", "the client has stopped");
  while (!self->stopped) {
    ++tries;
    outcome = co_await try_once(self, request, *endpoint, deadline);
    if (self->stopped) break;
    if (is_success(outcome)) self->budget_of(*endpoint).succeeded();
    const auto wait = self->pause_before(tries + 1, request, *endpoint, outcome, deadline());
    if (!wait) break;
    co_await pause(self, *wait);
  }
  if (self->stopped && !outcome) outcome = fail_for_now("cancelled", "the client has stopped");
  self->report(request, *endpoint, outcome, tries, Clock::now() - begin);
  co_return outcome;
}

// What comes by reference lives in the frame of call(), which awaits this.
Task<Result<OutboundResponse>> Client::Implementation::try_once(Self self, const OutboundRequest& request, const Endpoint& endpoint,
                                                                const Deadline& deadline) {
  Transfer transfer{self->take_handle(), request, endpoint, self->settings};
  const auto limit = std::make_shared<TimeLimit>(self->io, self->multi, transfer.handle(), deadline);
  limit->watch();
  const auto code = co_await self->multi->perform(transfer.handle());
  auto outcome = transfer.outcome(code);
  if (self->spare.size() < kSpareHandles) self->spare.push_back(transfer.release());
  co_return outcome;
}

Task<void> Client::Implementation::pause(Self self, milliseconds time) {
  asio::steady_timer timer{self->io, time};
  struct Place {
    std::list<asio::steady_timer*>& pauses;
    std::list<asio::steady_timer*>::iterator self;
    ~Place() { pauses.erase(self); }
  };
  const Place place{self->pauses, self->pauses.insert(self->pauses.end(), &timer)};
  boost::system::error_code woken;  // stop() wakes it early
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

std::optional<milliseconds> Client::Implementation::pause_before(int next_try, const OutboundRequest& request, const Endpoint& endpoint,
                                                                 const Result<OutboundResponse>& outcome, Clock::time_point until) {
  if (next_try > request.max_tries || !is_worth_another_try(outcome, request)) return std::nullopt;
  auto wait = retry_delay(next_try, std::uniform_real_distribution<double>{0.0, 1.0}(random));
  // The other side's wish is a least time; our own delay on top spreads those who were told the same.
  if (outcome) {
    if (const auto asked = outcome->retry_after()) wait += *asked;
  }
  if (Clock::now() + wait >= until) return std::nullopt;
  if (!budget_of(endpoint).try_spend()) return std::nullopt;
  return wait;
}

RetryBudget& Client::Implementation::budget_of(const Endpoint& endpoint) {
  return budgets.try_emplace(endpoint.origin, settings.retry_ratio, settings.retry_burst).first->second;
}

EasyHandle Client::Implementation::take_handle() {
  if (!spare.empty()) {
    auto handle = std::move(spare.back());
    spare.pop_back();
    return handle;
  }
  EasyHandle handle{curl_easy_init()};
  if (!handle) throw std::bad_alloc{};
  return handle;
}

void Client::Implementation::report(const OutboundRequest& request, const Endpoint& endpoint, const Result<OutboundResponse>& outcome, int tries,
                                    Clock::duration took) {
  const CallObserved observed{.name = request.name,
                              .host = endpoint.host,
                              .status = outcome ? outcome->status : 0,
                              .tries = tries,
                              .took = std::chrono::duration_cast<std::chrono::microseconds>(took)};
  for (const auto& observer : observers) observer(observed);
  // No path and no query: they hold ids and codes.
  boost::json::object fields{{"name", request.name}, {"method", request.method}, {"host", endpoint.host},
                             {"status", observed.status}, {"tries", tries}, {"took_us", observed.took.count()}};
  if (!request.trace_id.empty()) fields["trace"] = request.trace_id;
  if (!outcome) fields = log::fields_of(outcome.error(), std::move(fields));
  log::debug("outbound_call", fields);
}

Client::Client(asio::io_context& io, ClientSettings settings) {
  start_curl();
  // As endpoints are named.
  std::map<std::string, std::string> authorities;
  for (auto& [origin, file] : settings.authorities) {
    if (const auto endpoint = endpoint_of(origin)) authorities.emplace(endpoint->origin, std::move(file));
  }
  settings.authorities = std::move(authorities);
  implementation_ = std::make_shared<Implementation>(io, std::move(settings));
}

Client::~Client() { stop(); }

Task<Result<OutboundResponse>> Client::send(OutboundRequest request) { return Implementation::send(implementation_, std::move(request)); }

void Client::observe(std::function<void(const CallObserved&)> observer) { implementation_->observers.push_back(std::move(observer)); }

void Client::stop() {
  implementation_->stopped = true;
  implementation_->multi->cancel_all();
  for (auto* pause : implementation_->pauses) pause->cancel();
}

}  // namespace belay::net
