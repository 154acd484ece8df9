// Atlassian's key set: loaded from the CDN, kept on disk so that an outage there locks nobody out, loaded again when a token names a key
// that is not in it (docs/forge.md, "The key set").
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/jws.hpp"
#include "net/client.hpp"
#include "ports/clock.hpp"

namespace belay::jira::cloud {

inline constexpr std::chrono::seconds kUnknownKeyPause{60};     ///< between two loads for unknown keys, whoever asks
inline constexpr std::chrono::seconds kFirstLoadPause{5};       ///< between two loads while there is no set at all
inline constexpr std::chrono::hours kKeySetLife{1};             ///< a key that Atlassian withdrew is trusted no longer than this while the set can be loaded; an outage keeps the last one
inline constexpr std::chrono::milliseconds kKeySetDeadline{3'000};  ///< an event has 5 s in all
inline constexpr std::size_t kMaxKeySetBytes = 256 * 1024;

struct KeySourceSettings {
  std::string url;
  std::filesystem::path cache_file;   ///< empty: not kept
};

/// Lives on the one thread of the house.
class KeySource final {
 public:
  KeySource(net::Client& client, const ports::Clock& clock, KeySourceSettings settings);

  /// Reads the file of an earlier run. True: there is a set now. Blocks for one small file; call it at the start.
  bool read_cache();

  /// The set in use. Null: none yet.
  [[nodiscard]] std::shared_ptr<const crypto::KeySet> current() const { return keys_; }

  /// Loads the set now. A failure keeps the old one. Errors: `jwks_unreachable` (retryable), `jwks_invalid`.
  Task<Result<void>> load();

  /// For a token with a key that is not in the set. Loads at once the first time, later at most once a minute; who comes while a load is
  /// under way waits for it. True: a set was loaded, ask it again.
  Task<bool> load_for_unknown_key();

  /// For a token that comes before there is any set.
  Task<bool> load_first();

  /// Loads the set now and then every hour, for ever; sooner again after a failure. Whoever starts it owns it.
  Task<void> keep_fresh(ports::Alarm& alarm);

 private:
  Task<Result<std::string>> fetch();
  Result<void> take(const std::string& text);
  void write_cache(const std::string& text) const;

  net::Client& client_;
  const ports::Clock& clock_;
  KeySourceSettings settings_;
  std::shared_ptr<const crypto::KeySet> keys_;
  std::string taken_;   // the text that keys_ was read from
  int loading_ = 0;
  std::optional<Time> asked_for_unknown_key_;
  std::optional<Time> asked_first_;
};

}  // namespace belay::jira::cloud
