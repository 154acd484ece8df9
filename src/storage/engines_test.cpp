#include "storage/engines_test.hpp"

#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "base/json.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// libstdc++ counts the references of an exception_ptr inside the shared library, where the thread sanitizer does not see the
// atomics: an exception that a unit of work threw and a test caught looks freed by one thread and read by the other.
extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__exception_ptr::exception_ptr::_M_release\nrace:std::runtime_error::~runtime_error\n";
}
// The child of a fork only uses what it makes itself.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif
#endif

namespace belay::storage::testing {
namespace {

std::string source_directory() {
  const char* directory = std::getenv("BELAY_SOURCE_DIR");
  return directory != nullptr ? directory : ".";
}

bool look_for_postgresql() {
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (std::filesystem::exists(version.path() / "bin" / "initdb")) return true;
  }
  std::fputs("skipped: PostgreSQL is not installed, its half of the storage tests is not run\n", stderr);
  return false;
}

std::filesystem::path make_directory() {
  std::string path = (std::filesystem::temp_directory_path() / "belay-storage.XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return path;
}

}  // namespace

bool postgresql_is_installed() {
  static const bool installed = look_for_postgresql();
  return installed;
}

Cluster& Cluster::instance() {
  static Cluster cluster;
  return cluster;
}

Cluster::Cluster() {
  const auto script = source_directory() + "/tests/postgres/cluster.sh";
  int commands[2];
  int answers[2];
  if (::pipe2(commands, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(commands[0], 0);
    ::dup2(answers[1], 1);
    ::execl(script.c_str(), script.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(commands[0]);
  ::close(answers[1]);
  to_ = commands[1];
  from_ = answers[0];
  const auto ready = json::parse_object(read_line());
  if (!ready) throw std::runtime_error("the PostgreSQL cluster did not start (run from the root of the repository, or set BELAY_SOURCE_DIR)");
  url_ = json::string_at(*ready, "url").value();
}

Cluster::~Cluster() {
  ::close(to_);   // it ends when its input does
  ::waitpid(pid_, nullptr, 0);
  ::close(from_);
}

std::string Cluster::read_line() {
  std::string line;
  char c = 0;
  while (::read(from_, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

void Cluster::tell(const std::string& command, const std::string& expected) {
  const auto line = command + "\n";
  REQUIRE(::write(to_, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  REQUIRE(read_line() == expected);
}

void Cluster::stop() { tell("stop", "stopped"); }
void Cluster::start() { tell("start", "started"); }

std::string Cluster::make_database() {
  const auto name = "case_" + std::to_string(++databases_);
  Connection connection{{.engine = Engine::postgresql, .target = url_}, Connection::Use::write, Milliseconds{5000}};
  connection.run_once("create database " + name);
  return url_.substr(0, url_.rfind('/') + 1) + name;
}

Bench::Bench(Engine which) : engine(which) {
  if (engine == Engine::sqlite) {
    directory = make_directory();
    settings.url = "sqlite:" + (directory / "belay.db").string();
  } else {
    settings.url = Cluster::instance().make_database();
  }
  open();
}

Bench::~Bench() {
  database.reset();
  runner_.join();
  std::error_code none;
  if (!directory.empty()) std::filesystem::remove_all(directory, none);
}

void Bench::drive(Task<void> task) { boost::asio::co_spawn(runner_, std::move(task), boost::asio::use_future).get(); }

void Bench::open(std::string_view keys) {
  database.reset();
  database = Database::open(settings, crypto::Sealer::from_key_file(keys).value()).value();
  const auto migrated = database->migrate(kNoon);
  if (!migrated) throw std::runtime_error(migrated.error().code + ": " + migrated.error().cause);
}

std::unique_ptr<Connection> Bench::outside() const {
  return std::make_unique<Connection>(parse_url(settings.url).value(), Connection::Use::write, Milliseconds{100});
}

InstallationId installation_id(const std::string& name) { return InstallationId{"ari:cloud:ecosystem::installation/" + name}; }

ports::Installation installation(const std::string& name) {
  ports::Installation row;
  row.id = installation_id(name);
  row.cloud_id = "cloud-" + name;
  row.site_url = "https://" + name + ".example";
  row.api_base_url = "https://api.example.com/ex/jira/cloud-" + name;
  row.app_id = "ari:cloud:ecosystem::app/1";
  row.environment_id = "environment-1";
  row.paired_at = kNoon;
  row.paired_by = AccountId{"admin"};
  row.paired_by_name = "Ada Admin";
  return row;
}

ports::AccountLink account_link(const std::string& installation_name, const std::string& account) {
  ports::AccountLink row;
  row.id = LinkId{"link-" + account};
  row.installation = installation_id(installation_name);
  row.account = AccountId{account};
  row.account_name = "Name of " + account;
  row.provider = ProviderName{"teamviewer"};
  row.at_provider = {.id = ProviderAccountId{"u" + account}, .name = "At provider", .email = account + "@example.com", .company = "Example", .picture = "",
                     .licence = {.type = "Corporate", .active = true, .paid = true}};
  row.grant = {.access_token = "plain-access-" + account, .refresh_token = "plain-refresh-" + account, .expires_at = kNoon + std::chrono::hours{1}};
  row.linked_at = kNoon;
  row.checked_at = kNoon;
  row.group_name = "Jira";
  row.group_id = "g1";
  return row;
}

support::SupportSession session(const std::string& installation_name, const std::string& id) {
  support::SupportSession row;
  row.id = SessionId{id};
  row.installation = installation_id(installation_name);
  row.issue = IssueId{"10001"};
  row.issue_key = IssueKey{"HELP-1"};
  row.provider = ProviderName{"teamviewer"};
  row.creator = AccountId{"agent"};
  row.creator_name = "Alex Agent";
  row.supporter = AccountId{"agent"};
  row.supporter_name = "Alex Agent";
  row.customer = {.account = AccountId{"customer"}, .name = "Cleo Customer", .email = ""};
  row.description = "HELP-1: the printer\nsays 'no'";
  row.language = "en";
  row.created_at = kNoon;
  row.valid_until = kNoon + std::chrono::hours{24};
  return row;
}

ports::OutboxRow outbox_row(const std::string& installation_name, const std::string& kind, const std::string& subject, Time due_at) {
  static std::atomic<int> count = 0;
  ports::OutboxRow row;
  row.id = OutboxId{"row-" + std::to_string(++count)};
  row.installation = installation_id(installation_name);
  row.kind = kind;
  row.subject = subject;
  row.payload = {{"of", row.id.value}};
  row.due_at = due_at;
  return row;
}

}  // namespace belay::storage::testing
