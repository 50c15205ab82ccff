// Runs the zoneval command as a user would, and reads what it prints.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace zoneval::tests {

struct Printed {
    int exit_code = 0;
    std::string out;
};

/// Runs `zoneval` with arguments; what it writes to standard error goes to the test's own.
Printed run(const std::vector<std::string>& arguments);
/// A shell line that calls the command as `zoneval`; standard error comes with the output.
Printed run_shell(const std::string& line);
/// The same as run with `--format json`; fails the test when the command fails or prints no JSON.
nlohmann::json run_json(std::vector<std::string> arguments);

/// A file of the repository.
std::string source(const std::string& relative);
/// The folder of other people's data of that name; says "skipped" and is empty when it is not there.
std::filesystem::path shared_data(const std::string& name);
/// A path for a new store; the file is removed at the end.
class NewStore {
  public:
    explicit NewStore(const std::string& name);
    ~NewStore();
    NewStore(const NewStore&) = delete;
    NewStore& operator=(const NewStore&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// How many records of a year's run have an outcome of a decision.
int count(const nlohmann::json& assessed, int year, const std::string& decision, const std::string& value);
int undetermined(const nlohmann::json& assessed, int year, const std::string& decision);
const nlohmann::json& run_of(const nlohmann::json& assessed, int year);
/// Records with an adverse outcome in a year, sorted.
std::vector<std::string> adverse(const nlohmann::json& assessed, int year, const std::string& decision,
                                 const std::string& value);

}  // namespace zoneval::tests
