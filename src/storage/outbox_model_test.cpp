// The outbox against a model of a dozen lines: whatever is done to both in whatever order, both say the same.
#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

constexpr Milliseconds kLease{10};

struct ModelRow {
  int due = 0;
  int attempts = 0;
  std::optional<int> leased_until;
  std::string owner;
  std::optional<int> wanted;
  std::optional<int> hastened;
  bool aside = false;
};

ModelRow fresh(int due) {
  ModelRow row;
  row.due = due;
  return row;
}

struct Model {
  int now = 0;
  std::map<std::string, ModelRow> rows;   ///< by subject
};

struct Outbox {
  Bench& bench;
};

Time at(int moment) { return kNoon + Milliseconds{moment}; }

void compare(const Model& model, Outbox& outbox) {
  outbox.bench.read([&](UnitOfWork& unit) {
    for (const auto* subject : {"a", "b", "c"}) {
      const auto found = unit.outbox().find(installation_id("acme"), "kind", subject);
      const auto expected = model.rows.find(subject);
      RC_ASSERT(found.has_value() == (expected != model.rows.end()));
      if (!found) continue;
      const auto& row = expected->second;
      RC_ASSERT(found->due_at == at(row.due));
      RC_ASSERT(found->attempts == row.attempts);
      RC_ASSERT(found->leased_until.has_value() == row.leased_until.has_value());
      if (row.leased_until) RC_ASSERT(found->leased_until == at(*row.leased_until));
      RC_ASSERT(found->leased_by == row.owner);
      RC_ASSERT(found->set_aside_at.has_value() == row.aside);
    }
    std::optional<Time> next;
    for (const auto& [subject, row] : model.rows) {
      if (row.aside) continue;
      const auto due = at(std::max(row.due, row.leased_until.value_or(row.due)));
      if (!next || due < *next) next = due;
    }
    RC_ASSERT(unit.outbox().next_due() == next);
    return true;
  });
}

using Command = rc::state::Command<Model, Outbox>;

std::string any_subject() { return *rc::gen::element<std::string>("a", "b", "c"); }
std::string any_owner() { return *rc::gen::element<std::string>("v", "w"); }
int any_delay() { return *rc::gen::inRange(-5, 25); }

bool holds(const Model& model, const std::string& subject, const std::string& owner) {
  const auto row = model.rows.find(subject);
  return row != model.rows.end() && row->second.leased_until && row->second.owner == owner;
}

void earlier(std::optional<int>& place, int value) {
  if (!place || value < *place) place = value;
}

void give_up(ModelRow& row) {
  row.leased_until.reset();
  row.owner.clear();
  row.wanted.reset();
  row.hastened.reset();
}

struct Wait : Command {
  int time = *rc::gen::inRange(0, 15);
  void apply(Model& model) const override { model.now += time; }
  void run(const Model&, Outbox&) const override {}
  void show(std::ostream& os) const override { os << "wait " << time; }
};

struct Put : Command {
  std::string subject = any_subject();
  int delay = any_delay();
  static void put(Model& model, const std::string& subject, int due) {
    const auto [place, added] = model.rows.try_emplace(subject);
    auto& row = place->second;
    if (added || row.aside) row = fresh(due);
    else if (row.leased_until) earlier(row.wanted, due);
    else row.due = std::min(row.due, due);
  }
  void apply(Model& model) const override { put(model, subject, model.now + delay); }
  void run(const Model& model, Outbox& outbox) const override {
    const auto row = outbox_row("acme", "kind", subject, at(model.now + delay));
    outbox.bench.change([&](UnitOfWork& unit) { unit.outbox().put(row); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << "put " << subject << " in " << delay; }
};

struct Replace : Command {
  std::string subject = any_subject();
  int delay = any_delay();
  void apply(Model& model) const override {
    auto& row = model.rows[subject];
    if (!row.leased_until) row = fresh(model.now + delay);
    else {
      row.wanted = model.now + delay;
      row.attempts = 0;
    }
  }
  void run(const Model& model, Outbox& outbox) const override {
    const auto row = outbox_row("acme", "kind", subject, at(model.now + delay));
    outbox.bench.change([&](UnitOfWork& unit) { unit.outbox().replace(row); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << "replace " << subject << ", due in " << delay; }
};

struct PutLeased : Command {
  std::string subject = any_subject();
  std::string owner = any_owner();
  void apply(Model& model) const override {
    if (model.rows.contains(subject)) {
      Put::put(model, subject, model.now);
      return;
    }
    auto& row = model.rows[subject] = fresh(model.now);
    row.leased_until = model.now + static_cast<int>(kLease.count());
    row.owner = owner;
  }
  void run(const Model& model, Outbox& outbox) const override {
    const auto row = outbox_row("acme", "kind", subject, at(model.now));
    const auto leased = outbox.bench.write([&](UnitOfWork& unit) { return unit.outbox().put_leased(row, {.owner = owner, .until = at(model.now) + kLease}); });
    RC_ASSERT(leased != model.rows.contains(subject));
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << owner << " puts " << subject << " for itself"; }
};

struct Claim : Command {
  std::string owner = any_owner();
  std::size_t most = static_cast<std::size_t>(*rc::gen::inRange(1, 4));
  // Rows due at the same moment are ordered by id, which the model does not know: only how many, and that all it gets were claimable.
  void checkPreconditions(const Model& model) const override { RC_PRE(most >= claimable(model).size()); }
  static std::vector<std::string> claimable(const Model& model) {
    std::vector<std::string> subjects;
    for (const auto& [subject, row] : model.rows) {
      if (!row.aside && row.due <= model.now && (!row.leased_until || *row.leased_until <= model.now)) subjects.push_back(subject);
    }
    return subjects;
  }
  void apply(Model& model) const override {
    for (const auto& subject : claimable(model)) {
      auto& row = model.rows[subject];
      give_up(row);
      row.leased_until = model.now + static_cast<int>(kLease.count());
      row.owner = owner;
    }
  }
  void run(const Model& model, Outbox& outbox) const override {
    const auto rows = outbox.bench.write([&](UnitOfWork& unit) { return unit.outbox().claim(owner, at(model.now), kLease, most); });
    RC_ASSERT(rows.size() == claimable(model).size());
    for (std::size_t i = 1; i < rows.size(); ++i) RC_ASSERT(rows[i - 1].due_at <= rows[i].due_at);
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << owner << " claims"; }
};

// What a lease holder does; `subject` is looked up in the real outbox for its id.
struct Holding : Command {
  std::string subject = any_subject();
  std::string owner = any_owner();
  OutboxId id(Outbox& outbox) const {
    const auto row = outbox.bench.read([&](UnitOfWork& unit) { return unit.outbox().find(installation_id("acme"), "kind", subject); });
    return row ? row->id : OutboxId{"none"};
  }
};

struct Finish : Holding {
  void apply(Model& model) const override {
    if (!holds(model, subject, owner)) return;
    auto& row = model.rows[subject];
    if (row.wanted) row = fresh(*row.wanted);
    else model.rows.erase(subject);
  }
  void run(const Model& model, Outbox& outbox) const override {
    outbox.bench.change([&, row = id(outbox)](UnitOfWork& unit) { unit.outbox().finish(row, owner); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << owner << " finishes " << subject; }
};

struct Again : Holding {
  int delay = any_delay();
  bool failed = *rc::gen::arbitrary<bool>();
  void apply(Model& model) const override {
    if (!holds(model, subject, owner)) return;
    auto& row = model.rows[subject];
    row.due = std::min({model.now + delay, row.wanted.value_or(model.now + delay), row.hastened.value_or(model.now + delay)});
    row.attempts = failed ? row.attempts + 1 : 0;
    give_up(row);
  }
  void run(const Model& model, Outbox& outbox) const override {
    const auto error = failed ? std::optional(Error{.code = "x", .cause = "", .detail = {}, .retryable = true, .retry_after = {}}) : std::nullopt;
    outbox.bench.change([&, row = id(outbox)](UnitOfWork& unit) { unit.outbox().again(row, owner, at(model.now + delay), error); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << owner << " wants " << subject << " again in " << delay; }
};

struct SetAside : Holding {
  void apply(Model& model) const override {
    if (!holds(model, subject, owner)) return;
    auto& row = model.rows[subject];
    if (row.wanted) {
      row = fresh(*row.wanted);
      return;
    }
    row.aside = true;
    ++row.attempts;
    give_up(row);
  }
  void run(const Model& model, Outbox& outbox) const override {
    const Error error{.code = "x", .cause = "", .detail = {}, .retryable = false, .retry_after = {}};
    outbox.bench.change([&, row = id(outbox)](UnitOfWork& unit) { unit.outbox().set_aside(row, owner, at(model.now), error); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << owner << " sets aside " << subject; }
};

struct ReleaseAll : Command {
  void apply(Model& model) const override {
    for (auto& [subject, row] : model.rows) give_up(row);
  }
  void run(const Model& model, Outbox& outbox) const override {
    outbox.bench.change([](UnitOfWork& unit) { unit.outbox().release_all(); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << "killed and restarted"; }
};

struct Hasten : Command {
  std::string subject = any_subject();
  int delay = any_delay();
  void apply(Model& model) const override {
    const auto found = model.rows.find(subject);
    if (found == model.rows.end() || found->second.aside) return;
    auto& row = found->second;
    if (row.leased_until) earlier(row.hastened, model.now + delay);
    else row.due = std::min(row.due, model.now + delay);
  }
  void run(const Model& model, Outbox& outbox) const override {
    outbox.bench.change([&](UnitOfWork& unit) { unit.outbox().hasten(installation_id("acme"), "kind", subject, at(model.now + delay)); });
    compare(nextState(model), outbox);
  }
  void show(std::ostream& os) const override { os << "hasten " << subject << " to " << delay; }
};

}  // namespace

STORAGE_TEST("the outbox does what its model does") {
  bench.change([](UnitOfWork& unit) { unit.installations().insert(installation("acme")); });
  const auto agreed = rc::check("outbox", [&] {
    bench.change([](UnitOfWork& unit) {
      for (const auto* subject : {"a", "b", "c"}) unit.outbox().erase(installation_id("acme"), "kind", subject);
    });
    Outbox outbox{bench};
    rc::state::check(Model{}, outbox, rc::state::gen::execOneOfWithArgs<Wait, Put, Put, Replace, PutLeased, Claim, Claim, Finish, Again, SetAside, ReleaseAll, Hasten>());
  });
  CHECK(agreed);
}
