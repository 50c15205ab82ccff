#include "engine/assess/near_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "engine/io/cells/characters.hpp"
#include "engine/table/row_index.hpp"

namespace zoneval::assess {

namespace {

constexpr std::size_t shown = 3;

/// Names by what a reader keeps of them.
class Looks {
  public:
    void reserve(std::size_t names) {
        index_.reserve(names);
        names_.reserve(names);
    }
    /// The name that was there before and looks the same but is another; nullptr: there is none. Enters the name.
    const std::string_view* enter(std::string_view name) {
        const auto place = static_cast<std::uint32_t>(names_.size());
        const auto same = [&](std::uint32_t other) {
            return names_[other] == name || io::look_of(names_[other]) == io::look_of(name);
        };
        const auto [earlier, is_new] = index_.insert(io::look_hash(name), place, same);
        if (is_new) names_.push_back(name);
        return is_new || names_[earlier] == name ? nullptr : &names_[earlier];
    }

  private:
    RowIndex index_;
    std::vector<std::string_view> names_;
};

/// The names of rows of a year.
class NamesOf {
  public:
    NamesOf(const std::vector<io::ImportedRows>& files, std::int32_t year) {
        for (const auto& file : files)
            for (std::size_t row = 0; row < file.records.size(); ++row)
                if (file.years[row] == year && (names_.empty() || names_.back() != file.records[row]))
                    add(file.records[row]);
    }
    bool contains(std::string_view name) const {
        return index_.find(RowIndex::hash(name), [&](std::uint32_t other) { return names_[other] == name; })
            .has_value();
    }
    void add(std::string_view name) {
        const auto same = [&](std::uint32_t other) { return names_[other] == name; };
        if (index_.insert(RowIndex::hash(name), static_cast<std::uint32_t>(names_.size()), same).second)
            names_.push_back(name);
    }
    const std::vector<std::string_view>& all() const { return names_; }

  private:
    RowIndex index_;
    std::vector<std::string_view> names_;
};

/// Names that are all made alike, as `Z0001` to `Z9999` are: characters of the same kind in the same places; or that
/// are all whole numbers without zeros in front. No two of them can have one look. Most large files hold only such
/// names, and this is much quicker to see than to compare looks.
class Alike {
  public:
    void see(std::string_view name) {
        if (first_.empty()) first_ = name;
        numbers_ = numbers_ && !name.starts_with('0') &&
                   std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!alike_) return;
        alike_ = name.size() == first_.size();
        for (std::size_t i = 0; alike_ && i < name.size(); ++i) alike_ = same_kind(name[i], first_[i]);
    }
    bool all() const { return alike_ || numbers_; }

  private:
    static bool same_kind(char a, char b) {
        const auto in = [&](char low, char high) { return a >= low && a <= high && b >= low && b <= high; };
        return in('0', '9') || in('A', 'Z') || in('a', 'z') || a == b;
    }
    std::string_view first_;
    bool alike_ = true, numbers_ = true;
};

/// The records that the store has of a year; read once.
class Stored {
  public:
    Stored(const store::Store* store, const DatasetSchema& schema) : store_(store), schema_(schema) {}
    const std::vector<std::string>& records(std::int32_t year) {
        const auto [found, is_new] = years_.try_emplace(year);
        if (is_new && store_) found->second = store_->load(schema_.record, year, store_->latest(), {}).records;
        return found->second;
    }
    std::vector<std::int32_t> years() const {
        return store_ ? store_->years(schema_.record, store_->latest()) : std::vector<std::int32_t>{};
    }
    std::vector<std::string> ever() const {
        constexpr std::int32_t any_year = 9999;
        return store_ ? store_->roster(schema_.record, any_year, store_->latest()) : std::vector<std::string>{};
    }

  private:
    const store::Store* store_;
    const DatasetSchema& schema_;
    std::map<std::int32_t, std::vector<std::string>> years_;
};

/// Whether all names were there the year before, in the same order, as in most files of a further year: none is new.
bool all_known(Stored& stored, const std::vector<io::ImportedRows>& files) {
    for (const auto& file : files) {
        if (file.records.empty()) continue;
        const auto& known = stored.records(file.years[0] - 1);
        std::size_t next = 0;
        for (const auto name : file.records) {
            while (next < known.size() && known[next] != name) ++next;
            if (next == known.size()) return false;
        }
    }
    return true;
}

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
    Alike alike;
    for (const auto& name : known) alike.see(name);
    for (const auto& file : files)
        for (const auto name : file.records) alike.see(name);
    if (alike.all()) return;
    Looks looks;
    auto count = known.size();
    for (const auto& file : files) count += file.records.size();
    looks.reserve(count);
    for (const auto& name : known) looks.enter(name);
    std::vector<Question> questions;
    std::unordered_set<std::string_view> asked, stored;
    for (const auto& file : files) {
        std::string_view before;
        for (std::size_t row = 0; row < file.records.size(); ++row) {
            const auto name = file.records[row];
            if (name == before) continue;
            before = name;
            const auto* other = looks.enter(name);
            if (!other || fine.contains(name) || !asked.insert(name).second) continue;
            if (stored.empty()) stored.insert(known.begin(), known.end());
            // Two known names that look alike have been asked about: both stand.
            if (!stored.contains(name))
                questions.push_back({std::string(name), std::string(*other), &file, row, stored.contains(*other)});
        }
    }
    if (!questions.empty()) diagnostics.add(ask(questions, schema));
}

/// Whether the names are all there in the same order, as in large files of every year; then none is missing.
bool in_order(const std::vector<std::string>& names, const std::vector<io::ImportedRows>& files, std::int32_t year) {
    std::size_t next = 0;
    for (const auto& file : files)
        for (std::size_t row = 0; row < file.records.size() && next < names.size(); ++row)
            if (file.years[row] == year && file.records[row] == names[next]) ++next;
    return !names.empty() && next == names.size();
}

/// Of a year that the files bring: who was there the year before and is not now.
void find_vanished_in(std::int32_t year, Stored& stored, const std::vector<io::ImportedRows>& files,
                      Diagnostics& diagnostics) {
    const auto& known_before = stored.records(year - 1);
    NamesOf before(files, year - 1);
    if (before.all().empty() && in_order(known_before, files, year)) return;
    for (const auto& name : known_before) before.add(name);
    if (before.all().empty()) return;
    NamesOf here(files, year);
    for (const auto& name : stored.records(year)) here.add(name);
    std::vector<std::string> gone;
    std::size_t count = 0;
    constexpr std::size_t most = 12;
    for (const auto name : before.all()) {
        if (here.contains(name)) continue;
        if (++count <= most) gone.emplace_back(name);
    }
    if (count == 0 || count * 2 > before.all().size()) return;  // a correction has few rows
    Location where;
    where.file = files.back().file;
    diagnostics.add({Kind::vanished_record,
                     fmt::format("{} of the {} records of {} {} no row in {}: `{}`{}", count, before.all().size(),
                                 year - 1, count == 1 ? "has" : "have", year, fmt::join(gone, "`, `"),
                                 count > most ? fmt::format(" and {} more", count - most) : ""),
                     std::move(where), "", "if one was renamed, say so under `successions`"});
}

void find_vanished(Stored& stored, const std::vector<io::ImportedRows>& files, Diagnostics& diagnostics) {
    std::set<std::int32_t> years;
    for (const auto& file : files) {
        std::int32_t before = 0;
        for (const auto year : file.years)
            if (year != before) years.insert(before = year);
    }
    const auto known = stored.years();
    for (const auto year : years)
        if (years.contains(year - 1) || std::find(known.begin(), known.end(), year - 1) != known.end())
            find_vanished_in(year, stored, files, diagnostics);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> near_pairs(const std::vector<std::string>& names,
                                                            const std::vector<std::string>& others) {
    std::vector<std::pair<std::string, std::string>> out;
    std::unordered_map<std::string, std::string_view> by_look;
    for (const auto& other : others) by_look.emplace(io::look_of(other), other);
    for (const auto& name : names)
        if (const auto found = by_look.find(io::look_of(name)); found != by_look.end())
            out.emplace_back(name, found->second);
    return out;
}

void compare_names(const store::Store* store, const std::vector<io::ImportedRows>& files, const DatasetSchema& schema,
                   const std::vector<std::string>& accepted, Diagnostics& diagnostics) {
    Stored stored(store, schema);
    if (!store || !all_known(stored, files)) find_near(stored.ever(), files, schema, accepted, diagnostics);
    find_vanished(stored, files, diagnostics);
}

}  // namespace zoneval::assess
