#include "engine/report/changes_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/audit/lines.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/report/view.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::report {

using feel::Decimal;
using results::Cause;
using results::Changes;
using wording::Page;

namespace {

constexpr std::size_t movers_shown = 5, names_shown = 10;

Page words_of(Cause cause) {
    switch (cause) {
        case Cause::own: return Page::cause_own;
        case Cause::peers: return Page::cause_peers;
        case Cause::history: return Page::cause_history;
        case Cause::rules: return Page::cause_rules;
        case Cause::undetermined: return Page::cause_undetermined;
        case Cause::ruled: return Page::cause_ruled;
        case Cause::correction: return Page::cause_correction;
        case Cause::several: return Page::cause_several;
        case Cause::together: return Page::cause_together;
        case Cause::unknown: return Page::cause_unknown;
    }
    return Page::cause_unknown;
}

/// Rows of cells under heads; numbers to the right.
class Grid {
  public:
    explicit Grid(std::vector<bool> right) : right_(std::move(right)), widths_(right_.size()) {}
    void add(std::vector<std::string> row) {
        for (std::size_t c = 0; c < row.size(); ++c) widths_[c] = std::max(widths_[c], shown_width(row[c]));
        rows_.push_back(std::move(row));
    }
    std::string text() const {
        std::string out;
        for (const auto& row : rows_) {
            std::string line = "  ";
            for (std::size_t c = 0; c < row.size(); ++c)
                line +=
                    (c > 0 ? "  " : "") + (right_[c] ? padded_left(row[c], widths_[c]) : padded(row[c], widths_[c]));
            line.resize(line.find_last_not_of(' ') + 1);
            out += line + "\n";
        }
        return out;
    }

  private:
    std::vector<bool> right_;
    std::vector<std::size_t> widths_;
    std::vector<std::vector<std::string>> rows_;
};

class Text {
  public:
    Text(const Changes& changes, const ChangesTextOptions& options) : c_(changes), o_(options) {}

    std::string whole() const {
        std::string out;
        if (!c_.decision.empty())
            out += say(Page::changes_head, {{"from", year(c_.from)},
                                            {"to", year(c_.to)},
                                            {"n", with_commas(c_.moved.size())},
                                            {"all", with_commas(c_.both)},
                                            {"name", for_terminal(c_.decision_title)}}) +
                   wording::say(wording::Answer::next_sentence, o_.language);
        out += say(c_.from.ruleset_hash == c_.to.ruleset_hash ? Page::same_rules : Page::other_rules) +
               wording::say(wording::Answer::full_stop, o_.language) + "\n\n";
        out += say(Page::changes_records, {{"both", with_commas(c_.both)},
                                           {"entered", with_commas(c_.entered.size())},
                                           {"left", with_commas(c_.left.size())}}) +
               "\n" + names(Page::entered, c_.entered) + names(Page::gone, c_.left);
        if (!c_.moved.empty()) out += causes();
        if (!c_.decision.empty()) out += matrix();
        if (o_.list) out += moved(c_.moved);
        if (!c_.scores.empty()) out += scores();
        return out + runs();
    }

    std::string one() const {
        std::vector<Changes::Move> of;
        std::copy_if(c_.moved.begin(), c_.moved.end(), std::back_inserter(of),
                     [&](const auto& m) { return m.record == o_.record; });
        std::string out = for_terminal(o_.record) + ", " + year(c_.from) + " → " + year(c_.to) + "\n";
        out += of.empty() ? "\n" + say(Page::not_moved, {{"name", for_terminal(c_.decision_title)}}) + "\n" : moved(of);
        std::vector<const Changes::Score*> rows;
        for (const auto& score : c_.scores)
            if (score.record == o_.record) rows.push_back(&score);
        if (!rows.empty()) out += "\n" + movers(rows) + (rows[0]->indicators.empty() ? "" : by_indicator(*rows[0]));
        return out + runs();
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string say(Page page, Arguments arguments = {}) const { return wording::say(page, o_.language, arguments); }

    /// Of two runs of one year the number of the run tells them apart.
    std::string year(const Changes::Side& side) const {
        return c_.from.year == c_.to.year ? fmt::format("{} ({} {})", side.year, say(Page::run), side.run)
                                          : std::to_string(side.year);
    }
    std::string number(Decimal n) const { return o_.decimals ? n.to_fixed(*o_.decimals) : n.to_string(); }
    std::string signed_number(Decimal n) const { return (n > Decimal(0) ? "+" : "") + number(n); }
    static std::string count(std::size_t n) { return n == 0 ? "-" : with_commas(n); }

    std::string names(Page what, const std::vector<std::string>& records) const {
        if (records.empty()) return "";
        std::string out = "  " + say(what) + ": ";
        for (std::size_t i = 0; i < std::min(records.size(), names_shown); ++i)
            out += (i > 0 ? ", " : "") + for_terminal(records[i]);
        if (records.size() > names_shown)
            out += ", " + say(Page::and_more, {{"n", with_commas(records.size() - names_shown)}});
        return out + "\n";
    }

    std::string causes() const {
        Grid grid({false, true, false});
        grid.add({say(Page::cause), say(Page::records), ""});
        for (std::size_t i = 0; i < results::cause_count; ++i) {
            const auto cause = static_cast<Cause>(i);
            if (cause == Cause::unknown && c_.causes[i] == 0) continue;
            std::string who;
            std::size_t told = 0;
            for (const auto& move : c_.moved)
                if (move.cause == cause && ++told <= 3) who += (who.empty() ? "" : ", ") + for_terminal(move.record);
            if (told > 3) who += " …";
            grid.add({say(words_of(cause)), with_commas(c_.causes[i]), who});
        }
        grid.add({say(Page::total), with_commas(c_.moved.size()), ""});
        return "\n" + say(Page::why_moved, {{"n", with_commas(c_.moved.size())}}) + "\n" + grid.text();
    }

    std::string matrix() const {
        std::vector<std::size_t> used;
        for (std::size_t i = 0; i < c_.outcomes.size(); ++i) {
            std::size_t n = 0;
            for (std::size_t j = 0; j < c_.outcomes.size(); ++j) n += c_.at(i, j) + c_.at(j, i);
            if (n > 0) used.push_back(i);
        }
        Grid grid([&] {
            std::vector<bool> right(used.size() + 2, true);
            right[0] = false;
            return right;
        }());
        const auto word = [&](std::size_t i) {
            return c_.outcomes[i].empty() ? say(Page::nothing_fired)
                                          : shortened(for_terminal(label(c_.outcomes[i])), 14);
        };
        std::vector<std::string> head{year(c_.from)};
        for (const auto i : used) head.push_back(word(i));
        head.push_back(say(Page::total));
        grid.add(std::move(head));
        std::vector<std::size_t> sums(used.size());
        for (const auto i : used) {
            std::vector<std::string> row{word(i)};
            std::size_t sum = 0;
            for (std::size_t k = 0; k < used.size(); ++k) {
                const auto n = c_.at(i, used[k]);
                row.push_back(count(n));
                sum += n;
                sums[k] += n;
            }
            row.push_back(with_commas(sum));
            grid.add(std::move(row));
        }
        std::vector<std::string> foot{say(Page::total)};
        for (const auto n : sums) foot.push_back(with_commas(n));
        foot.push_back(with_commas(c_.both));
        grid.add(std::move(foot));
        return "\n" + say(Page::matrix_title, {{"from", year(c_.from)}, {"to", year(c_.to)}}) + "\n" + grid.text();
    }

    const std::string& label(const std::string& outcome) const { return exec::labelled(c_.labels, outcome); }

    std::string moved(const std::vector<Changes::Move>& moves) const {
        Grid grid({false, false, false, false});
        grid.add({"", year(c_.from), year(c_.to), say(Page::cause)});
        const auto word = [&](const std::string& outcome) {
            return outcome.empty() ? say(Page::nothing_fired) : for_terminal(label(outcome));
        };
        for (const auto& move : moves)
            grid.add({for_terminal(move.record), word(move.from), word(move.to), say(words_of(move.cause))});
        return "\n" + say(Page::moved_title) + "\n" + grid.text();
    }

    std::string movers(const std::vector<const Changes::Score*>& rows) const {
        const auto parts = parts_told(rows);
        std::vector<bool> right(4 + parts.size() + 1, true);
        right.front() = right.back() = false;
        Grid grid(right);
        std::vector<std::string> head{"", year(c_.from), year(c_.to), say(Page::change)};
        for (const auto& part : parts) head.push_back(say(part.title));
        if (!parts.empty()) head.push_back(say(Page::largest_part));
        grid.add(std::move(head));
        for (const auto* s : rows) {
            std::vector<std::string> row{for_terminal(s->record), number(s->before), number(s->after),
                                         signed_number(s->change())};
            if (s->parts)
                for (const auto part : shown_parts(*s->parts, parts)) row.push_back(signed_number(part));
            if (s->parts && !s->indicators.empty()) row.push_back(moved_from_to(s->indicators.front()));
            grid.add(std::move(row));
        }
        return grid.text();
    }

    /// "listed companies: 0 → 1"; a word for a figure that is missing.
    std::string moved_from_to(const Changes::Score::Indicator& i) const {
        const auto value = [&](const std::string& text) { return text.empty() ? say(Page::missing_figure) : text; };
        const auto& unit = i.unit == "%" ? " %" : "";
        return shortened(for_terminal(i.title), 28) + ": " +
               (i.before == i.after ? value(i.after) + unit + " " + say(Page::as_before)
                                    : value(i.before) + " → " + value(i.after) + unit);
    }

    /// What each indicator had to do with the change; the rows add up to the whole, rounding told.
    std::string by_indicator(const Changes::Score& s) const {
        const auto parts = parts_told({&s});
        std::vector<bool> right(4 + parts.size(), true);
        right.front() = false;
        Grid grid(right);
        std::vector<std::string> head{say(Page::indicator), year(c_.from), year(c_.to), say(Page::change)};
        for (const auto& part : parts) head.push_back(say(part.title));
        grid.add(std::move(head));
        auto whole = shown_parts(*s.parts, parts);
        whole.insert(whole.begin(), s.change());
        auto left = whole;
        const auto places = o_.decimals.value_or(2);
        for (const auto& i : s.indicators) {
            if (i.parts.sum().is_zero() && i.parts.own.is_zero() && i.parts.peers.is_zero()) continue;
            const auto unit = i.unit.empty() ? "" : ", " + i.unit;
            std::vector<std::string> row{for_terminal(i.title + unit), i.before, i.after};
            std::vector<Decimal> numbers{i.parts.sum()};
            for (const auto& part : parts) numbers.push_back(part.of(i.parts));
            for (std::size_t k = 0; k < numbers.size(); ++k) {
                const auto shown = numbers[k].rounded(places, feel::Rounding::half_even);
                left[k] = left[k] - shown;
                row.push_back(signed_number(shown));
            }
            grid.add(std::move(row));
        }
        std::vector<std::string> rest{say(Page::rounding), "", ""}, total{say(Page::total), "", ""};
        for (const auto& n : left) rest.push_back(signed_number(n.rounded(places, feel::Rounding::half_even)));
        if (std::any_of(left.begin(), left.end(), [](const auto& n) { return !n.is_zero(); }))
            grid.add(std::move(rest));
        for (const auto n : whole) total.push_back(signed_number(n));
        grid.add(std::move(total));
        return "\n" + say(Page::by_indicator) + "\n" + grid.text();
    }

    using Parts = Changes::Score::Parts;
    struct Part {
        Page title;
        Decimal Parts::*member;
        Decimal of(const Parts& parts) const { return parts.*member; }
    };
    /// Own figures and the others always; the rest where there is any.
    std::vector<Part> parts_told(const std::vector<const Changes::Score*>& rows) const {
        std::vector<Part> out;
        for (const auto& part : all_parts()) {
            const bool any = std::any_of(rows.begin(), rows.end(),
                                         [&](const auto* s) { return s->parts && !part.of(*s->parts).is_zero(); });
            if (c_.parted && (any || out.size() < 2)) out.push_back(part);
        }
        return out;
    }
    static std::vector<Part> all_parts() {
        return {{Page::part_own, &Parts::own},
                {Page::part_peers, &Parts::peers},
                {Page::part_weights, &Parts::weights},
                {Page::part_method, &Parts::method},
                {Page::part_rules, &Parts::rules},
                {Page::part_calendar, &Parts::calendar},
                {Page::part_correction, &Parts::correction}};
    }

    /// Rounded so that they add up to the rounded change: what rounding leaves goes to the part it changes least.
    std::vector<Decimal> shown_parts(const Parts& parts, const std::vector<Part>& told) const {
        std::vector<Decimal> exact;
        exact.reserve(told.size());
        for (const auto& part : told) exact.push_back(part.of(parts));
        auto out = exact;
        if (o_.decimals) {
            const auto round = [&](Decimal n) { return n.rounded(*o_.decimals, feel::Rounding::half_even); };
            auto left = round(parts.sum());
            for (auto& part : out) left = left - (part = round(part));
            std::size_t best = 0;
            for (std::size_t i = 1; i < out.size(); ++i)
                if ((out[i] + left - exact[i]).abs() < (out[best] + left - exact[best]).abs()) best = i;
            out[best] = out[best] + left;
        }
        return out;
    }

    std::string scores() const {
        const auto rose =
            std::count_if(c_.scores.begin(), c_.scores.end(), [](const auto& s) { return s.after > s.before; });
        const auto fell =
            std::count_if(c_.scores.begin(), c_.scores.end(), [](const auto& s) { return s.after < s.before; });
        std::string out = "\n" +
                          say(Page::scores_head, {{"name", for_terminal(c_.score_title)},
                                                  {"n", with_commas(c_.scores.size())},
                                                  {"rose", with_commas(static_cast<std::size_t>(rose))},
                                                  {"fell", with_commas(static_cast<std::size_t>(fell))}}) +
                          "\n";
        if (c_.parted) out += sums();
        std::vector<const Changes::Score*> rows;
        for (const auto& score : c_.scores)
            if (rows.size() < movers_shown && !score.change().is_zero()) rows.push_back(&score);
        if (!rows.empty()) out += "\n" + say(Page::largest_movers) + "\n" + movers(rows);
        return out;
    }

    std::string sums() const {
        Parts sum, size;
        Decimal change, change_size;
        std::int64_t parted = 0;
        for (const auto& s : c_.scores) {
            if (!s.parts) continue;
            ++parted;
            change = change + s.change(), change_size = change_size + s.change().abs();
            for (const auto& part : all_parts()) {
                sum.*part.member = sum.*part.member + part.of(*s.parts);
                size.*part.member = size.*part.member + part.of(*s.parts).abs();
            }
        }
        if (parted == 0) return "";
        // What was looked at is told, nothing or not; corrections only where there were any.
        auto told = all_parts();
        if (size.correction.is_zero()) told.pop_back();
        if (c_.from.ruleset_hash == c_.to.ruleset_hash)
            std::erase_if(told, [](const Part& part) {
                return part.title == Page::part_weights || part.title == Page::part_method;
            });
        std::vector<bool> right(told.size() + 2, true);
        right.front() = false;
        Grid grid(right);
        std::vector<std::string> head{""}, sums{say(Page::sum_changes)}, sizes{say(Page::mean_size)};
        for (const auto& part : told) head.push_back(say(part.title));
        for (const auto part : shown_parts(sum, told)) sums.push_back(signed_number(part));
        const Decimal n(parted);
        const auto mean = [&](Decimal all) { return (all / n).to_fixed(o_.decimals.value_or(2)); };
        for (const auto& part : told) sizes.push_back(mean(part.of(size)));
        head.push_back(say(Page::whole_change));
        sums.push_back(signed_number(change));
        sizes.push_back(mean(change_size));
        for (auto* row : {&head, &sums, &sizes}) grid.add(std::move(*row));
        auto out = grid.text();
        if (const auto without = c_.scores.size() - static_cast<std::size_t>(parted); without > 0)
            out += "  " + say(Page::not_parted, {{"n", with_commas(without)}}) + "\n";
        return out;
    }

    std::string runs() const {
        auto out = "\n" +
                   say(Page::runs_compared, {{"a", std::to_string(c_.from.run)},
                                             {"b", std::to_string(c_.to.run)},
                                             {"seal_a", audit::short_seal(c_.from.seal)},
                                             {"seal_b", audit::short_seal(c_.to.seal)}}) +
                   "\n";
        for (const auto& note : o_.notes) out += for_terminal(note) + "\n";
        if (!o_.next.empty()) out += say(Page::more) + " " + o_.next + "\n";
        return out;
    }

    const Changes& c_;
    const ChangesTextOptions& o_;
};

}  // namespace

std::string_view to_string(Cause cause) {
    constexpr std::string_view names[] = {"own",   "peers",        "history", "rules",    "correction",
                                          "ruled", "undetermined", "several", "together", "unknown"};
    static_assert(std::size(names) == results::cause_count);
    return names[static_cast<std::size_t>(cause)];
}

std::string changes_text(const Changes& changes, const ChangesTextOptions& options) {
    const Text text(changes, options);
    return options.record.empty() ? text.whole() : text.one();
}

std::string changes_json(const Changes& c) {
    using Json = nlohmann::ordered_json;
    const auto side = [](const Changes::Side& s) {
        return Json{{"year", s.year}, {"run", s.run}, {"seal", s.seal}, {"ruleset_hash", s.ruleset_hash}};
    };
    // Numbers are texts of all their digits: a double would lose some.
    Json out = {{"version", 1},           {"from", side(c.from)},     {"to", side(c.to)},
                {"both", c.both},         {"entered", c.entered},     {"left", c.left},
                {"decision", c.decision}, {"outcomes", c.outcomes},   {"matrix", Json::array()},
                {"moved", Json::array()}, {"causes", Json::object()}, {"score", c.score},
                {"scores", Json::array()}};
    for (std::size_t i = 0; i < c.outcomes.size(); ++i) {
        Json row = Json::array();
        for (std::size_t j = 0; j < c.outcomes.size(); ++j) row.push_back(c.at(i, j));
        out["matrix"].push_back(row);
    }
    for (const auto& m : c.moved)
        out["moved"].push_back({{"record", m.record}, {"from", m.from}, {"to", m.to}, {"cause", to_string(m.cause)}});
    for (std::size_t i = 0; i < results::cause_count; ++i)
        out["causes"][to_string(static_cast<Cause>(i))] = c.causes[i];
    for (const auto& s : c.scores) {
        Json score = {{"record", s.record},
                      {"before", s.before.to_string()},
                      {"after", s.after.to_string()},
                      {"change", s.change().to_string()}};
        const auto parts = [](const Changes::Score::Parts& p) {
            return Json{{"own", p.own.to_string()},
                        {"peers", p.peers.to_string()},
                        {"calendar", p.calendar.to_string()},
                        {"weights", p.weights.to_string()},
                        {"method", p.method.to_string()},
                        {"rules", p.rules.to_string()},
                        {"correction", p.correction.to_string()}};
        };
        if (s.parts) score.update(parts(*s.parts));
        if (!s.indicators.empty()) {
            auto& all = score["indicators"] = Json::array();
            for (const auto& i : s.indicators) {
                Json one = {{"name", i.name},     {"title", i.title}, {"unit", i.unit},
                            {"before", i.before}, {"after", i.after}, {"change", i.parts.sum().to_string()}};
                one.update(parts(i.parts));
                all.push_back(std::move(one));
            }
            score["rounding"] = parts(s.rounding());
        }
        out["scores"].push_back(score);
    }
    return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zoneval::report
