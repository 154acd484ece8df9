#include "gateway/callers.hpp"

namespace belay::gateway {
namespace {

constexpr Milliseconds kPairedLife{2'000};
constexpr std::size_t kMostPaired = 10'000;
// Tokens of about two kilobytes.
constexpr std::size_t kMostKept = 4'000;

// Nobody but Jira can judge these tokens, so one that does not say when it ends leaves one alone that is still good.
template <class Present>
bool may_take_the_place(const ports::AppToken& token, Present present, Time now) {
  if (!token.end_is_assumed) return true;
  const auto kept = present();
  return !kept || kept->expires_at <= now;
}

}  // namespace

Callers::Callers(ports::CallerVerifier& verifier, ports::Storage& storage, const ports::Clock& clock) : verifier_(verifier), storage_(storage), clock_(clock) {}

ports::CallerHeaders take_tokens(net::Request& request) {
  const auto take = [&](std::string_view name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : std::exchange(found->second, {});
  };
  return {.authorization = take("authorization"), .system_token = take("x-forge-oauth-system"), .user_token = take("x-forge-oauth-user"), .page = take("x-belay-page"), .issue = take("x-belay-issue"), .project = take("x-belay-project")};
}

Task<Result<ports::VerifiedCall>> Callers::verify(ports::CallerHeaders headers) {
  auto verified = co_await verifier_.verify(std::move(headers));
  if (observer_) observer_(verified ? std::string_view("ok") : std::string_view(verified.error().cause));
  co_return verified;
}

Task<Result<std::optional<InstallationId>>> Callers::paired_as(InstallationId known_as) {
  using As = std::optional<InstallationId>;
  const auto now = clock_.now();
  if (const auto known = paired_.find(known_as); known != paired_.end() && known->second.from <= now && now < known->second.from + kPairedLife) co_return known->second.as;
  auto as = co_await storage_.read<As>([&](ports::UnitOfWork& unit) -> Result<As> {
    const auto found = unit.installations().find_known_as(known_as);
    return found && !found->leaving_since ? As(found->id) : As();
  });
  if (as) {
    if (paired_.size() >= kMostPaired) paired_.clear();
    paired_.insert_or_assign(known_as, Paired{*as, now});
  }
  co_return as;
}

bool Callers::is_kept(const TokenOwner& owner, const ports::AppToken& token) const {
  const auto known = kept_.find(owner);
  return known != kept_.end() && known->second == token.secret;
}

void Callers::note_kept(const TokenOwner& owner, const ports::AppToken& token) {
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_.insert_or_assign(owner, token.secret);
}

bool Callers::is_new_system_token(const ports::VerifiedCall& call) const {
  return call.system_token && !is_kept({call.installation, AccountId{}}, *call.system_token);
}

bool Callers::is_new_user_token(const ports::VerifiedCall& call) const {
  return call.user_token && call.principal && !is_kept({call.installation, *call.principal}, *call.user_token);
}

bool Callers::brings_new_tokens(const ports::VerifiedCall& call) const { return is_new_system_token(call) || is_new_user_token(call); }

Task<Result<ports::VerifiedCall>> Callers::keep_tokens(ports::VerifiedCall call) {
  const bool new_system = is_new_system_token(call);
  const bool new_user = is_new_user_token(call);
  if (!new_system && !new_user) co_return call;

  const auto now = clock_.now();
  struct Taken { bool system = false; bool user = false; };
  auto taken = co_await storage_.write<Taken>([&](ports::UnitOfWork& unit) -> Result<Taken> {
    auto& installations = unit.installations();
    const Taken may{
        .system = new_system && may_take_the_place(*call.system_token, [&] { return installations.system_token(call.installation); }, now),
        .user = new_user && may_take_the_place(*call.user_token, [&] { return installations.user_token(call.installation, *call.principal); }, now)};
    if (may.user) installations.keep_user_token(call.installation, *call.principal, *call.user_token);
    if (may.system) installations.keep_system_token(call.installation, *call.system_token, now);
    return may;
  });
  if (!taken) co_return std::unexpected(taken.error());
  if (taken->system) note_kept({call.installation, AccountId{}}, *call.system_token);
  else if (new_system) call.system_token.reset();
  if (taken->user) note_kept({call.installation, *call.principal}, *call.user_token);
  else if (new_user) call.user_token.reset();
  co_return call;
}

void Callers::forget(const InstallationId& installation) {
  std::erase_if(paired_, [&](const auto& entry) { return entry.first == installation || entry.second.as == installation; });
  // After unpairing the rows are erased, so what we believe to be kept is not.
  std::erase_if(kept_, [&](const auto& entry) { return entry.first.first == installation; });
}

}  // namespace belay::gateway
