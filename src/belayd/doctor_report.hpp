// What `belayd doctor` says: a line for each thing that it looked at, and how to mend what is wrong.
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace belay::belayd {

class Report final {
 public:
  void fine(std::string_view what, std::string_view detail) { fmt::print("ok      {:<12} {}\n", what, detail); }
  void wrong(std::string_view what, std::string_view found, std::string_view mend) {
    ++problems_;
    fmt::print("WRONG   {:<12} {}\n        {:<12} {}\n", what, found, "", mend);
  }
  [[nodiscard]] int problems() const { return problems_; }

 private:
  int problems_ = 0;
};

}  // namespace belay::belayd
