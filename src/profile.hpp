// --profile: where the time went, on standard error beside the result.
#pragma once

#include <string>

#include "engine/diag/time_account.hpp"
#include "engine/exec/by_columns/column_evaluation.hpp"

namespace zoneval::command {

/// All rows add up to what is told as the whole, the dearest first; of what is less than a thousandth of it only the
/// sum.
void print_stages(const std::string& what, const std::vector<TimeAccount::Row>& stages, std::size_t records);
/// What the definitions took of it.
void print_definitions(const graph::Graph& graph, const exec::ColumnReport& report);

/// Prints its stages when it goes; does nothing unless wanted.
class ProfiledCommand {
  public:
    ProfiledCommand(bool wanted, std::string what) : what_(std::move(what)) {
        if (wanted) account_ = std::make_unique<TimeAccount>();
    }
    ~ProfiledCommand() {
        if (account_) print_stages(what_, account_->rows(), 0);
    }
    ProfiledCommand(const ProfiledCommand&) = delete;
    ProfiledCommand& operator=(const ProfiledCommand&) = delete;

  private:
    std::string what_;
    std::unique_ptr<TimeAccount> account_;
};

}  // namespace zoneval::command
