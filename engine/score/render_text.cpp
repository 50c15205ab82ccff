#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/audit/lines.hpp"
#include "engine/score/robustness.hpp"
#include "engine/wording/firmness.hpp"
#include "engine/wording/record_kinds.hpp"

namespace zoneval::score {

using audit::Align;
using audit::Cells;
using wording::Firm;
using wording::Language;

namespace {

constexpr double firm_from = 0.95, fairly_from = 0.80, half = 0.50;

/// With a comma between thousands.
std::string counted(std::size_t n) {
    auto out = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
        out.insert(static_cast<std::size_t>(at), ",");
    return out;
}

std::string percent_number(double share) {
    auto out = fmt::format("{:.1f}", share * 100);
    if (out.ends_with(".0")) out.resize(out.size() - 2);
    return out;
}

class Page {
  public:
    Page(const Robustness& found, Language language, const TextLook& look)
        : r_(found), language_(language), look_(look), paint_(palette(look.colour)) {}

    std::string list() {
        r_.decision.empty() ? ranks() : verdicts();
        effective();
        indices();
        line(say(Firm::changes_none) + "  " +
             say(Firm::more, {{"what", fmt::format("{}--indices   --csv FILE   zoneval robustness {}",
                                                   look_.all ? "" : "--all   ", example())}}));
        return std::move(out_);
    }

    std::string of(const Firmness& f) {
        r_.decision.empty() ? head_of_rank(f) : head_of_verdict(f);
        reading();
        if (!r_.decision.empty()) outcomes(f);
        places(f);
        alone(f);
        indices();
        r_.decision.empty() ? void(out_ += "\n") : compare(f);
        line(say(Firm::purpose));
        return std::move(out_);
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string say(Firm word, Arguments arguments = {}) const { return wording::say(word, language_, arguments); }
    void line(const std::string& text, std::size_t hanging = 0) {
        out_ += audit::wrapped(text, look_.width, 0, hanging);
    }
    void title(const std::string& text) { out_ += fmt::format("\n{}{}{}\n", paint_.bold, text, paint_.reset); }
    void table(std::vector<Cells> rows, const std::vector<Align>& columns) {
        out_ += audit::table_text(std::move(rows), columns, 2);
    }
    std::string percent(double share) const { return say(Firm::percent, {{"n", fmt::format("{:.1f}", share * 100)}}); }
    std::string word(const std::string& outcome) const { return outcome.empty() ? say(Firm::undetermined) : outcome; }
    std::string rank_title() const { return r_.rank_title.empty() ? say(Firm::rank) : r_.rank_title; }
    std::string shown(double x) const { return fmt::format("{:.{}f}", x, r_.decimals); }
    static std::string whole(double x) { return fmt::format("{:.0f}", x); }
    std::string range(const Within& w) const {
        if (w.low == w.high) return whole(w.low);
        return say(Firm::from_to, {{"low", whole(w.low)}, {"high", whole(w.high)}});
    }
    std::string place(const Firmness& f) const {
        return f.rank == 0 ? "" : say(Firm::of, {{"rank", std::to_string(f.rank)}, {"n", std::to_string(f.of)}});
    }

    std::string example() const {
        const auto weakest = std::min_element(r_.records.begin(), r_.records.end(),
                                              [&](const auto& a, const auto& b) { return firmness(a) < firmness(b); });
        return weakest == r_.records.end() ? "" : weakest->record;
    }
    double firmness(const Firmness& f) const { return r_.decision.empty() ? f.same_rank : f.holds; }

    std::string ways(const std::vector<std::string>& names) const {
        auto out = say(Firm::as_written);
        for (std::size_t i = 0; i < names.size(); ++i)
            out += (i + 1 == names.size() ? say(Firm::or_) : say(Firm::comma)) + names[i];
        return out;
    }

  public:
    static std::vector<std::string> normalisations(const Choices& choices) {
        std::vector<std::string> out;
        for (const auto how : choices.normalise) {
            using enum model::Indicator::Normalise;
            out.emplace_back(how == min_max ? "min-max" : how == z_score ? "z-score" : "percent rank");
        }
        return out;
    }
    static std::vector<std::string> aggregations(const Choices& choices) {
        std::vector<std::string> out;
        for (const auto how : choices.aggregate) {
            using enum model::Aggregation::How;
            out.emplace_back(how == arithmetic ? "arithmetic" : how == geometric ? "geometric" : "harmonic");
        }
        return out;
    }

    static std::vector<std::string> imputations(const Choices& choices) {
        std::vector<std::string> out;
        for (const auto how : choices.impute)
            out.emplace_back(how == model::Impute::mean     ? "mean"
                             : how == model::Impute::median ? "median"
                                                            : "last year");
        return out;
    }
    static std::vector<std::string> winsorised(const Choices& choices) {
        std::vector<std::string> out;
        for (const auto most : choices.winsorise) out.push_back(std::to_string(most));
        return out;
    }

  private:
    std::string told(Choice choice) const {
        switch (choice) {
            case Choice::weights: return say(Firm::weights, {{"share", percent_number(r_.choices.weights)}});
            case Choice::leave_out: return say(Firm::leave_out, {{"n", std::to_string(r_.left_out)}});
            case Choice::normalise: return say(Firm::normalise, {{"ways", ways(normalisations(r_.choices))}});
            case Choice::aggregate: return say(Firm::aggregate, {{"ways", ways(aggregations(r_.choices))}});
            case Choice::impute: return say(Firm::impute, {{"ways", ways(imputations(r_.choices))}});
            case Choice::winsorise: return say(Firm::winsorise, {{"ways", ways(winsorised(r_.choices))}});
            case Choice::data_error:
                return say(Firm::data_error,
                           {{"year", std::to_string(r_.year)}, {"share", percent_number(r_.choices.data_error)}});
        }
        return "";
    }

    void reading() {
        std::string choices;
        for (std::size_t i = 0; i < r_.varied.size(); ++i)
            choices += (i == 0                      ? ""
                        : i + 1 == r_.varied.size() ? say(Firm::and_)
                                                    : say(Firm::comma)) +
                       told(r_.varied[i]);
        out_ += "\n";
        line(say(Firm::reading,
                 {{"choices", choices}, {"drawn", counted(r_.replicates)}, {"seed", std::to_string(r_.seed)}}));
        out_ += "\n";
    }

    std::size_t holding(double from) const {
        return static_cast<std::size_t>(std::count_if(r_.records.begin(), r_.records.end(), [&](const Firmness& f) {
            return !f.outcome.empty() && f.holds >= from;
        }));
    }
    std::size_t open() const {
        return static_cast<std::size_t>(
            std::count_if(r_.records.begin(), r_.records.end(), [](const Firmness& f) { return f.outcome.empty(); }));
    }
    std::string records_word() const { return wording::record_kinds(r_.record_name, r_.records.size(), language_); }
    std::string record_word() const { return wording::record_kind(r_.record_name, language_); }

    void verdicts() {
        const auto all = r_.records.size(), firm = holding(firm_from), fairly = holding(fairly_from) - firm,
                   medium = holding(half) - firm - fairly, weak = all - open() - firm - fairly - medium;
        line(say(Firm::all_hold, {{"n", std::to_string(all)},
                                  {"records", records_word()},
                                  {"year", std::to_string(r_.year)},
                                  {"firm", std::to_string(firm)},
                                  {"weak", std::to_string(medium + weak)}}));
        reading();
        std::vector<Cells> counts{{say(Firm::holds_in), records_word()}};
        const auto row = [&](Firm word, std::size_t n) {
            if (n > 0) counts.push_back({say(word), std::to_string(n)});
        };
        row(Firm::from_95, firm), row(Firm::from_80, fairly), row(Firm::from_50, medium), row(Firm::under_50, weak);
        row(Firm::undetermined, open()), row(Firm::all, all);
        table(std::move(counts), {Align::left, Align::right});
        std::vector<const Firmness*> weakest, adverse, certain;
        for (const auto& f : r_.records) {
            if (look_.all || (!f.outcome.empty() && f.holds < fairly_from))
                weakest.push_back(&f);
            else if (f.adverse)
                (f.holds < 1 ? adverse : certain).push_back(&f);
        }
        rows(look_.all ? Firm::everyone : Firm::weakest, weakest);
        rows(Firm::adverse, adverse);
        if (!certain.empty() && adverse.empty()) title(say(Firm::adverse));
        std::vector<std::string> outcomes;
        for (const auto* f : certain)
            if (std::find(outcomes.begin(), outcomes.end(), f->outcome) == outcomes.end())
                outcomes.push_back(f->outcome);
        for (const auto& outcome : outcomes) {
            std::vector<std::string> names;
            for (const auto* f : certain)
                if (f->outcome == outcome) names.push_back(f->record);
            out_ += audit::wrapped(say(Firm::in_all, {{"names", fmt::format("{}", fmt::join(names, say(Firm::comma)))},
                                                      {"outcome", outcome}}),
                                   look_.width, 2, 4);
        }
        out_ += "\n";
    }

    void rows(Firm head, std::vector<const Firmness*> some) {
        if (some.empty()) return;
        std::stable_sort(some.begin(), some.end(),
                         [](const Firmness* a, const Firmness* b) { return a->holds < b->holds; });
        title(say(head));
        std::vector<Cells> cells{{record_word(), r_.decision_title, say(Firm::holds), rank_title(), say(Firm::in_nine),
                                  say(Firm::otherwise)}};
        for (const auto* f : some) {
            const auto other = std::find_if(f->outcomes.begin(), f->outcomes.end(),
                                            [&](const auto& o) { return o.first != f->outcome; });
            cells.push_back({f->record, word(f->outcome), percent(f->holds), place(*f),
                             f->ranked > 0 && f->rank > 0 ? range(f->ranks) : "",
                             other == f->outcomes.end() ? "" : word(other->first)});
        }
        table(std::move(cells), {Align::left, Align::left, Align::right, Align::right, Align::left, Align::left});
    }

    static bool moves_little(const Firmness& f, double places) {
        return f.ranks.high - f.rank <= places && f.rank - f.ranks.low <= places;
    }

    /// Of a rule set without decisions, or where only ranks were asked for.
    void ranks() {
        constexpr int little = 3;
        std::vector<const Firmness*> ranked;
        for (const auto& f : r_.records)
            if (f.rank > 0) ranked.push_back(&f);
        const auto firm =
            std::count_if(ranked.begin(), ranked.end(), [](const Firmness* f) { return moves_little(*f, little); });
        line(say(Firm::all_ranked, {{"n", std::to_string(r_.records.size())},
                                    {"records", records_word()},
                                    {"year", std::to_string(r_.year)},
                                    {"ranked", std::to_string(ranked.size())},
                                    {"firm", std::to_string(firm)},
                                    {"places", std::to_string(little)}}));
        reading();
        std::stable_sort(ranked.begin(), ranked.end(), [](const Firmness* a, const Firmness* b) {
            return a->class_ != b->class_ ? a->class_ < b->class_ : a->rank < b->rank;
        });
        std::vector<Cells> cells{{record_word(), rank_title(), say(Firm::in_nine), say(Firm::same_rank), r_.score_title,
                                  say(Firm::in_nine)}};
        constexpr std::size_t most = 25;
        for (const auto* f : ranked) {
            if (!look_.all && cells.size() > most) break;
            cells.push_back({f->record, place(*f), range(f->ranks), percent(f->same_rank),
                             f->score ? shown(*f->score) : "",
                             say(Firm::from_to, {{"low", shown(f->scores.low)}, {"high", shown(f->scores.high)}})});
        }
        const auto left = ranked.size() - (cells.size() - 1);
        table(std::move(cells), {Align::left, Align::right, Align::left, Align::right, Align::right, Align::left});
        if (left > 0) out_ += "  " + say(Firm::more_rows, {{"n", std::to_string(left)}}) + "\n";
        out_ += "\n";
    }

    void head_of_verdict(const Firmness& f) {
        line(say(Firm::one_holds, {{"who", audit::who(f.record, f.label)},
                                   {"year", std::to_string(r_.year)},
                                   {"outcome", word(f.outcome)},
                                   {"share", percent_number(f.holds)},
                                   {"word", say(f.holds >= firm_from     ? Firm::firm
                                                : f.holds >= fairly_from ? Firm::fairly_firm
                                                                         : Firm::weak)}}));
    }

    void head_of_rank(const Firmness& f) {
        const auto who = audit::who(f.record, f.label), year = std::to_string(r_.year);
        if (f.rank == 0) return line(say(Firm::one_unranked, {{"who", who}, {"year", year}}));
        line(say(Firm::one_ranked, {{"who", who},
                                    {"year", year},
                                    {"rank", std::to_string(f.rank)},
                                    {"of", std::to_string(f.of)},
                                    {"low", whole(f.ranks.low)},
                                    {"high", whole(f.ranks.high)}}));
    }

    void outcomes(const Firmness& f) {
        std::vector<Cells> rows{{r_.decision_title, say(Firm::readings)}};
        for (const auto& [outcome, share] : f.outcomes) rows.push_back({word(outcome), percent(share)});
        table(std::move(rows), {Align::left, Align::right});
        out_ += "\n";
    }

    void places(const Firmness& f) {
        if (f.rank > 0)
            out_ += "  " +
                    say(Firm::its_rank, {{"rank", rank_title()},
                                         {"now", std::to_string(f.rank)},
                                         {"of", std::to_string(f.of)},
                                         {"low", whole(f.ranks.low)},
                                         {"high", whole(f.ranks.high)}}) +
                    "\n";
        if (f.score)
            out_ += "  " +
                    say(Firm::its_score, {{"score", r_.score_title},
                                          {"now", shown(*f.score)},
                                          {"low", shown(f.scores.low)},
                                          {"high", shown(f.scores.high)}}) +
                    "\n";
    }

    void alone(const Firmness& f) {
        if (r_.alone.empty()) return;
        out_ += fmt::format("\n{}{}{}  {}\n", paint_.bold, say(Firm::hangs_on), paint_.reset,
                            say(Firm::each_alone, {{"n", counted(r_.replicates)}}));
        const auto what =
            r_.decision.empty() ? say(Firm::same_rank) : say(Firm::outcome_holds, {{"outcome", word(f.outcome)}});
        std::vector<Cells> rows{{say(Firm::choice), what}};
        for (const auto& each : r_.alone) rows.push_back({told(each.choice), percent(each.holds)});
        if (r_.alone.size() > 1)
            rows.push_back(
                {say(r_.alone.size() == 2 ? Firm::both_together : Firm::all_together), percent(firmness(f))});
        table(std::move(rows), {Align::left, Align::right});
        std::vector<std::string> kept;
        const auto varied = [&](Choice choice) {
            return std::find(r_.varied.begin(), r_.varied.end(), choice) != r_.varied.end();
        };
        if (!varied(Choice::normalise)) kept.push_back(say(Firm::kept_points));
        if (!varied(Choice::aggregate)) kept.push_back(say(Firm::kept_means));
        if (!varied(Choice::data_error)) kept.push_back(say(Firm::kept_figures));
        if (r_.in_classes) kept.push_back(say(Firm::kept_classes));
        if (!r_.decision.empty()) kept.push_back(say(Firm::kept_lines));
        if (!varied(Choice::impute)) kept.push_back(say(Firm::kept_missing));
        out_ += audit::wrapped(say(Firm::not_varied, {{"what", fmt::format("{}", fmt::join(kept, say(Firm::comma)))}}),
                               look_.width, 2, 4);
    }

    void compare(const Firmness& f) {
        title(say(Firm::how_compares));
        const auto settled = r_.records.size() - open();
        const auto weaker = std::count_if(r_.records.begin(), r_.records.end(), [&](const Firmness& other) {
            return !other.outcome.empty() && other.holds < f.holds;
        });
        const auto word = weaker == 0 && !f.outcome.empty() ? Firm::weakest_of : Firm::compares;
        out_ += audit::wrapped(say(word, {{"n", std::to_string(settled)},
                                          {"year", std::to_string(r_.year)},
                                          {"firm", std::to_string(holding(firm_from))},
                                          {"weaker", std::to_string(weaker)}}),
                               look_.width, 2, 4);
        out_ += "\n";
    }

    void effective() {
        if (!look_.all) return;
        title(say(Firm::effective_weights));
        std::vector<Cells> rows{{say(Firm::indicator), say(Firm::share)}};
        for (const auto& [indicator, share] : r_.effective)
            rows.push_back({indicator, fmt::format("{:.2f} %", share * 100)});
        table(std::move(rows), {Align::left, Align::right});
        out_ += "\n";
    }

    void indices() {
        if (r_.indices.empty()) return;
        const auto n = counted(r_.replicates * (2 + r_.indices.size()));
        out_ += fmt::format("\n{}{}{}  {}\n", paint_.bold, say(Firm::shares_of_variance), paint_.reset,
                            say(r_.alone.empty() ? Firm::of_shift : Firm::of_its_rank, {{"n", n}}));
        const auto bounded = [&](double value, const Within& w) {
            return fmt::format("{:.2f} ({:.2f} – {:.2f})", value, w.low, w.high);
        };
        std::vector<Cells> rows{{say(Firm::choice), say(Firm::first_order), say(Firm::total)}};
        for (const auto& index : r_.indices)
            rows.push_back({told(index.choice), bounded(index.first, index.first_within),
                            bounded(index.total, index.total_within)});
        table(std::move(rows), {Align::left, Align::left, Align::left});
        out_ += "\n";
    }

    const Robustness& r_;
    const Language language_;
    const TextLook& look_;
    const Palette paint_;
    std::string out_;
};

}  // namespace

std::string render_text(const Robustness& found, Language language, const TextLook& look) {
    return Page(found, language, look).list();
}

std::string render_record(const Robustness& found, const std::string& record, Language language, const TextLook& look) {
    for (const auto& f : found.records)
        if (f.record == record) return Page(found, language, look).of(f);
    return "";
}

}  // namespace zoneval::score
