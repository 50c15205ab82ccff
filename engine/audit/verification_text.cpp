#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/audit/json.hpp"
#include "engine/audit/verification.hpp"
#include "engine/wording/ledger.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using store::Damage;
using wording::Ledger;
using wording::with_commas;
using Part = Damage::Part;

namespace {

constexpr std::size_t width = 106, most_moved = 20;
constexpr std::string_view fine = "✓", wrong = "✗";

std::string short_hash(const std::string& hash) { return hash.empty() ? "–" : short_seal(hash); }

/// The text of a verification, part by part.
class Told {
  public:
    Told(const Verification& v, wording::Language language) : v_(v), language_(language) {}

    std::string text() {
        auto out = headline() + "\n\n";
        looked_at();
        out += table_text(std::move(rows_), {Align::left, Align::left, Align::left}, 2);
        out += moved();
        if (!v_.runs.empty()) out += "\n" + runs();
        const auto last = last_word();
        return last.empty() ? out : out + "\n" + wrapped(last, width, 0, 0);
    }

  private:
    std::string says(Ledger word,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> with = {}) const {
        return say(word, language_, with);
    }

    std::string headline() const {
        if (v_.genuine()) {
            if (v_.runs.empty()) return says(Ledger::sound);
            if (v_.runs.size() == 1) return says(Ledger::genuine_only);
            return says(Ledger::genuine_all, {{"n", with_commas(v_.runs.size())}});
        }
        if (v_.damage.empty())
            return says(v_.against_seal.empty() ? Ledger::comes_out_otherwise : Ledger::not_as_sealed);
        const auto& first = v_.damage.front();
        const bool of_one_import = std::all_of(v_.damage.begin(), v_.damage.end(), [&](const Damage& d) {
            return d.part == Part::data && d.number > 0 && d.number == first.number;
        });
        return of_one_import ? says(Ledger::not_genuine_data, {{"n", std::to_string(first.number)}})
                             : says(Ledger::not_genuine);
    }

    /// Rows with one label, which stands once.
    void add(std::string_view mark, Ledger label, const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i)
            rows_.push_back(i == 0 ? Cells{std::string(mark), says(label), texts[i]} : Cells{"", "", texts[i]});
    }

    void part(Part which, Ledger label, const std::string& if_fine) {
        std::vector<std::string> found;
        for (const auto& damage : v_.damage)
            if (damage.part == which) {
                if (std::find(found.begin(), found.end(), told(damage)) != found.end()) continue;  // of many rows
                found.push_back(told(damage));
                if (!damage.column.empty())
                    found.push_back(says(Ledger::recorded_and_found, {{"recorded", short_hash(damage.recorded)},
                                                                      {"found", short_hash(damage.found)}}));
                if (!damage.unreadable.empty()) found.push_back(torn_cells(damage));
            }
        if (!found.empty())
            add(wrong, label, found);
        else if (!if_fine.empty())
            add(fine, label, {if_fine});
    }

    /// The cells of a column that cannot be read: the first few, and how many more.
    std::string torn_cells(const Damage& damage) const {
        constexpr std::size_t most = 2;
        std::vector<std::string> cells;
        for (const auto& cell : damage.unreadable) {
            if (cells.size() == most) break;
            cells.push_back(says(
                Ledger::torn_cell,
                {{"line", std::to_string(cell.line)}, {"record", cell.record}, {"year", std::to_string(cell.year)}}));
        }
        return says(Ledger::torn_cells, {{"cells", listed(cells, damage.unreadable_in_all, says(Ledger::semicolon))}});
    }

    /// "a; b; and 3 more"
    std::string listed(std::vector<std::string> names, std::size_t in_all, const std::string& between) const {
        if (in_all > names.size()) names.push_back(says(Ledger::and_more, {{"n", with_commas(in_all - names.size())}}));
        return fmt::format("{}", fmt::join(names, between));
    }

    void looked_at() {
        part(Part::file, Ledger::file, says(Ledger::file_fine));
        part(Part::data, Ledger::data, says(Ledger::data_fine, {{"n", with_commas(v_.imports)}}));
        part(Part::rules, Ledger::rules,
             says(v_.rulesets == 1 ? Ledger::ruleset_fine : Ledger::rulesets_fine, {{"n", with_commas(v_.rulesets)}}));
        chain();
        part(Part::rulings, Ledger::rulings, "");
        part(Part::publications, Ledger::published, "");
        published();
        part(Part::logbook, Ledger::logbook, "");
        verdicts();
        outside();
        for (const auto& libraries : v_.other_libraries)
            add("", Ledger::note,
                {says(Ledger::same_with_others,
                      {{"run", std::to_string(libraries.run)}, {"libraries", libraries.told}})});
    }

    /// Altered runs, and those that are sealed over an altered import.
    void chain() {
        std::vector<std::string> found;
        std::set<std::vector<std::int64_t>> told_of;
        for (const auto& damage : v_.damage) {
            if (damage.part == Part::runs) found.push_back(told(damage));
            if (damage.part == Part::data && damage.number > 0)
                if (const auto over = runs_over(damage.number); !over.empty() && told_of.insert(over).second)
                    found.push_back(says(over.size() == 1 ? Ledger::sealed_over_one : Ledger::sealed_over,
                                         {{"runs", in_order(over)}, {"n", std::to_string(damage.number)}}));
        }
        if (!found.empty())
            add(wrong, Ledger::chain, found);
        else if (!v_.runs.empty() || v_.genuine())
            add(fine, Ledger::chain, {says(Ledger::chain_fine, {{"n", with_commas(v_.runs.size())}})});
    }

    std::vector<std::int64_t> runs_over(std::int64_t revision) const {
        std::vector<std::int64_t> out;
        for (const auto& run : v_.runs)
            if (run.snapshot.revision >= revision) out.push_back(run.id);
        return out;
    }

    /// "3", "1–4" or "2, 5"
    static std::string in_order(const std::vector<std::int64_t>& runs) {
        if (runs.size() > 2 && runs.back() - runs.front() + 1 == static_cast<std::int64_t>(runs.size()))
            return fmt::format("{}–{}", runs.front(), runs.back());
        return fmt::format("{}", fmt::join(runs, ", "));
    }

    void published() {
        std::vector<std::string> found;
        for (const auto& one : v_.unlike_published)
            found.push_back(
                says(Ledger::other_than_published, {{"run", std::to_string(one.run)}, {"approver", one.approver}}));
        add(wrong, Ledger::published, found);
    }

    void verdicts() {
        std::vector<std::string> found;
        for (const auto& run : v_.otherwise) {
            const auto id = std::to_string(run.run), year = std::to_string(run.year);
            found.push_back(
                run.refused.empty()
                    ? says(Ledger::differences,
                           {{"run", id}, {"year", year}, {"n", with_commas(run.differences.size())}, {"why", run.why}})
                    : says(Ledger::not_again, {{"run", id}, {"year", year}, {"why", run.refused}}));
        }
        if (!found.empty()) return add(wrong, Ledger::verdicts, found);
        if (v_.genuine())
            return add(
                fine, Ledger::verdicts,
                {says(Ledger::verdicts_fine, {{"n", with_commas(v_.outcomes)}, {"values", with_commas(v_.values)}})});
        if (!v_.damage.empty()) verdicts_as_they_stand();
    }

    void verdicts_as_they_stand() {
        if (!v_.as_it_stands) return add("", Ledger::verdicts, {says(Ledger::not_computed)});
        if (v_.runs.empty()) return;
        const auto& now = *v_.as_it_stands;
        std::vector<std::string> found;
        for (const auto& torn : now.torn) found.push_back(told(torn));
        for (const auto& run : now.unmade)
            found.push_back(
                says(Ledger::not_assessed,
                     {{"run", std::to_string(run.run)}, {"year", std::to_string(run.year)}, {"why", run.why}}));
        const auto moved = with_commas(now.moved.size()), all = with_commas(now.of);
        if (!now.moved.empty()) found.push_back(says(Ledger::moved, {{"n", moved}, {"all", all}}));
        if (!found.empty()) add(wrong, Ledger::verdicts, found);
        if (now.moved.empty() && now.of > 0) add("", Ledger::verdicts, {says(Ledger::none_moved, {{"all", all}})});
    }

    using Torn = Verification::AsItStands::Torn;
    std::string told(const Torn& torn) const {
        const auto word = std::array{Ledger::torn_cohort, Ledger::torn_of_run,
                                     Ledger::other_column}[static_cast<std::size_t>(torn.what)];
        return says(word, {{"run", std::to_string(torn.run)},
                           {"year", std::to_string(torn.year)},
                           {"of", torn.of},
                           {"n", with_commas(torn.in_all)},
                           {"records", listed(torn.records, torn.in_all, say(wording::Phrase::separator, language_))}});
    }

    void outside() {
        if (!v_.against_seal.empty()) {
            std::vector<std::string> faults;
            for (const auto& fault : v_.against_seal) faults.push_back(say(fault, language_));
            return add(wrong, Ledger::outside, faults);
        }
        if (!v_.damage.empty()) {
            if (v_.seal) add("", Ledger::outside, {says(Ledger::seal_not_reached)});
            return;
        }
        if (v_.seal)
            add(fine, Ledger::outside, {says(Ledger::as_sealed, {{"seal", v_.seal_told}})});
        else
            add("", Ledger::outside, {says(Ledger::no_seal)});
    }

    /// What is on record beside what comes out now; a few of many.
    std::string moved() const {
        std::vector<Cells> rows;
        const auto value = [&](const std::string& text) { return text.empty() ? says(Ledger::undetermined) : text; };
        // Reasons, which are sentences, come last.
        const auto add_all = [&](const std::vector<Verification::Moved>& moved, bool reasons) {
            for (const auto& one : moved)
                if (one.reason == reasons)
                    rows.push_back({one.record, std::to_string(one.year), one.decision,
                                    one.unread ? says(Ledger::cannot_be_read) : value(one.recorded), value(one.now)});
        };
        for (const bool reasons : {false, true}) {
            if (v_.as_it_stands) add_all(v_.as_it_stands->moved, reasons);
            for (const auto& run : v_.otherwise) add_all(run.moved, reasons);
        }
        if (rows.empty()) return "";
        const auto left_off = rows.size() - std::min(rows.size(), most_moved);
        rows.resize(rows.size() - left_off);
        rows.insert(rows.begin(), {says(Ledger::record), says(Ledger::year), says(Ledger::decision),
                                   says(Ledger::on_record), says(Ledger::now)});
        auto out =
            "\n" + says(Ledger::moved_title) + "\n" + table_text(std::move(rows), std::vector(5, Align::left), 2);
        if (left_off > 0) out += "  " + says(Ledger::and_more, {{"n", with_commas(left_off)}}) + "\n";
        return out;
    }

    std::string told(const Damage& d) const {
        const auto n = std::to_string(d.number);
        auto detail = d.detail ? say(*d.detail, language_) : d.error;
        switch (d.part) {
            case Part::data:
                if (d.number == 0) return detail;
                if (d.file.empty()) return says(Ledger::import_gone, {{"n", n}});
                if (d.detail) return says(Ledger::import_otherwise, {{"n", n}, {"file", d.file}, {"detail", detail}});
                return says(Ledger::column_changed, {{"n", n}, {"file", d.file}, {"column", d.column}});
            case Part::rules:
                return says(d.found.empty() ? Ledger::rules_gone : Ledger::rules_changed,
                            {{"recorded", short_hash(d.recorded)}});
            case Part::runs: return says(Ledger::run_changed, {{"n", n}});
            case Part::rulings: return says(Ledger::ruling_changed, {{"n", n}});
            case Part::publications: return says(Ledger::publication_changed, {{"n", n}});
            case Part::file:
            case Part::logbook: break;
        }
        return detail;
    }

    std::string runs() const {
        std::vector<Cells> rows{
            {says(Ledger::run), says(Ledger::year), says(Ledger::records), says(Ledger::state), says(Ledger::seal)}};
        for (std::size_t i = 0; i < v_.runs.size(); ++i) {
            const auto& run = v_.runs[i];
            const auto state = std::array{Ledger::draft, Ledger::is_published,
                                          Ledger::superseded}[static_cast<std::size_t>(run.standing.state)];
            rows.push_back({std::to_string(run.id), std::to_string(run.year),
                            i < v_.records.size() ? with_commas(v_.records[i]) : "", says(state),
                            short_seal(run.hash)});
        }
        return table_text(std::move(rows), {Align::right, Align::left, Align::right, Align::left, Align::left}, 2);
    }

    std::string last_word() const {
        if (v_.genuine()) return v_.seal ? "" : says(Ledger::from_the_start);
        std::string files;
        std::set<std::int64_t> told_of;
        for (const auto& damage : v_.damage)
            if (!damage.file_sha256.empty() && told_of.insert(damage.number).second && told_of.size() <= 3)
                files += says(Ledger::what_the_file_said, {{"file", damage.file}, {"sha256", damage.file_sha256}}) +
                         (wording::Language::en == language_ ? " " : "");
        return files + says(Ledger::publish_nothing);
    }

    const Verification& v_;
    wording::Language language_;
    std::vector<Cells> rows_;
};

}  // namespace

std::string render_text(const Verification& verification, wording::Language language) {
    return Told(verification, language).text();
}

std::string render_json(const Verification& v) {
    std::vector<std::string> notes;
    for (const auto& one : v.other_libraries)
        notes.push_back(fmt::format("run {} was made with {}: it comes out the same", one.run, one.told));
    Json out = {{"version", 1},         {"genuine", v.genuine()}, {"wrong", wrong_in(v)},   {"notes", notes},
                {"imports", v.imports}, {"rulesets", v.rulesets}, {"outcomes", v.outcomes}, {"values", v.values},
                {"moved", nullptr},     {"runs", Json::array()}};
    if (v.as_it_stands) {
        out["moved"] = Json::array();
        const auto value = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
        for (const auto& one : v.as_it_stands->moved)
            out["moved"].push_back({{"record", one.record},
                                    {"year", one.year},
                                    {"decision", one.decision},
                                    {"recorded", value(one.recorded)},
                                    {"now", value(one.now)},
                                    {"unread", one.unread}});
        const auto& now = *v.as_it_stands;
        out["torn"] = Json::array();
        for (const auto& torn : now.torn)
            out["torn"].push_back({{"run", torn.run},
                                   {"year", torn.year},
                                   {"of", torn.of.empty() ? Json() : Json(torn.of)},
                                   {"records", torn.records},
                                   {"in_all", torn.in_all}});
        out["not_assessed"] = Json::array();
        for (const auto& run : now.unmade)
            out["not_assessed"].push_back({{"run", run.run}, {"year", run.year}, {"why", run.why}});
    }
    for (const auto& run : v.runs)
        out["runs"].push_back({{"run", run.id},
                               {"ruleset", run.ruleset},
                               {"year", run.year},
                               {"state", store::to_string(run.standing.state)},
                               {"engine", run.engine_version},
                               {"hash", run.hash}});
    return dumped(out) + "\n";
}

}  // namespace zoneval::audit
