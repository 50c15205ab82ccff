#include "engine/assess/near_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "engine/io/characters.hpp"
#include "engine/table/row_index.hpp"

namespace zoneval::assess {

namespace {

constexpr std::size_t shown = 3;

/// Names by what a reader keeps of them.
class Looks {
  public:
    void reserve(std::size_t names) { index_.reserve(names); }
    /// The name that was there before and looks the same but is another; nullptr: there is none. Enters the name.
    const std::string_view* enter(std::string_view name) {
        const auto hash = io::look_hash(name);
        const auto place = static_cast<std::uint32_t>(names_.size());
        const auto same = [&](std::uint32_t other) {
            return names_[other] == name || io::look_of(names_[other]) == io::look_of(name);
        };
        const auto [earlier, is_new] = index_.insert(hash, place, same);
        if (is_new) names_.push_back(name);
        return is_new || names_[earlier] == name ? nullptr : &names_[earlier];
    }

  private:
    RowIndex index_;
    std::vector<std::string_view> names_;
};

struct Question {
    std::string name, known;
    const io::ImportedRows* file;
    std::size_t row;
    bool in_store;
};

Diagnostic ask(const std::vector<Question>& questions, const DatasetSchema& schema) {
    std::vector<std::string> examples;
    for (std::size_t i = 0; i < std::min(shown, questions.size()); ++i) {
        const auto& [name, known, file, row, in_store] = questions[i];
        examples.push_back(in_store ? fmt::format("`{}` (known: `{}`)", name, known)
                                    : fmt::format("`{}` and `{}`", known, name));
    }
    const auto& first = questions.front();
    Location where;
    where.file = first.file->file;
    where.sheet = first.file->sheet;
    where.line = first.file->lines[first.row];
    return {
        Kind::near_name,
        fmt::format("{} new {} nearly equals another: {}{}", questions.size(),
                    questions.size() == 1 ? "name" : "names, each of which", fmt::join(examples, ", "),
                    questions.size() > shown ? fmt::format(" and {} more", questions.size() - shown) : ""),
        std::move(where), fmt::format("one name for each {}", schema.record),
        fmt::format("if it is the same, `aliases: {{{}: {}}}` in the dataset; if it is another, import with `--new {}`",
                    yaml_scalar(first.name), yaml_scalar(first.known), first.name)};
}

void find_near(const std::vector<std::string>& known, const std::vector<io::ImportedRows>& files,
               const DatasetSchema& schema, const std::vector<std::string>& accepted, Diagnostics& diagnostics) {
    std::unordered_set<std::string_view> fine(accepted.begin(), accepted.end());
    fine.insert(schema.roster.begin(), schema.roster.end());
    Looks looks;
    auto count = known.size();
    for (const auto& file : files) count += file.records.size();
    looks.reserve(count);
    // Two known names that look alike have been asked about; both stand.
    const std::unordered_set<std::string_view> stored(known.begin(), known.end());
    for (const auto& name : known) looks.enter(name);
    std::vector<Question> questions;
    std::unordered_set<std::string_view> asked;
    for (const auto& file : files) {
        std::string_view before;
        for (std::size_t row = 0; row < file.records.size(); ++row) {
            const auto name = file.records[row];
            if (name == before) continue;
            before = name;
            const auto* other = looks.enter(name);
            if (!other || fine.contains(name) || stored.contains(name) || !asked.insert(name).second) continue;
            questions.push_back({std::string(name), std::string(*other), &file, row, stored.contains(*other)});
        }
    }
    if (!questions.empty()) diagnostics.add(ask(questions, schema));
}

/// Of a year: names in the files, and whether they are so many that the file is the whole of the year.
void find_vanished(const store::Store* store, const std::vector<io::ImportedRows>& files, const DatasetSchema& schema,
                   Diagnostics& diagnostics) {
    std::map<std::int32_t, std::unordered_set<std::string_view>> by_year;
    for (const auto& file : files)
        for (std::size_t row = 0; row < file.records.size(); ++row) by_year[file.years[row]].insert(file.records[row]);
    for (const auto& [year, here] : by_year) {
        std::vector<std::string> before;
        if (store) before = store->load(schema.record, year - 1, store->latest(), {}).records;
        if (const auto earlier = by_year.find(year - 1); earlier != by_year.end())
            for (const auto name : earlier->second) before.emplace_back(name);
        std::sort(before.begin(), before.end());
        before.erase(std::unique(before.begin(), before.end()), before.end());
        const auto stored = store ? store->load(schema.record, year, store->latest(), {}) : Table{};
        std::vector<std::string> gone;
        for (auto& name : before)
            if (!here.contains(name) && !stored.row(name)) gone.push_back(std::move(name));
        if (gone.empty() || gone.size() * 2 > before.size()) continue;  // a correction has few rows
        const auto more = gone.size() > 12 ? fmt::format(" and {} more", gone.size() - 12) : "";
        const auto count = gone.size();
        gone.resize(std::min<std::size_t>(gone.size(), 12));
        Location where;
        where.file = files.back().file;
        diagnostics.add({Kind::vanished_record,
                         fmt::format("{} of the {} records of {} {} no row in {}: `{}`{}", count, before.size(),
                                     year - 1, count == 1 ? "has" : "have", year, fmt::join(gone, "`, `"), more),
                         std::move(where), "", "if one was renamed, say so under `aliases`"});
    }
}

}  // namespace

void compare_names(const store::Store* store, const std::vector<io::ImportedRows>& files, const DatasetSchema& schema,
                   const std::vector<std::string>& accepted, Diagnostics& diagnostics) {
    constexpr std::int32_t any_year = 9999;
    const auto known = store ? store->roster(schema.record, any_year, store->latest()) : std::vector<std::string>{};
    find_near(known, files, schema, accepted, diagnostics);
    find_vanished(store, files, schema, diagnostics);
}

}  // namespace zoneval::assess
