#include "engine/audit/would_change.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "engine/audit/json.hpp"
#include "engine/audit/lines.hpp"
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/wording/answers.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using feel::Decimal;
using feel::Value;
using wording::Answer;

namespace {

constexpr std::size_t most_records = 20'000;
constexpr std::int64_t few_values = 64;  ///< tried one by one
constexpr std::int64_t times_reported = 20;

/// The year assessed again with one cell of the record replaced.
class Again {
  public:
    Again(const assess::Assessment& a, const graph::Node& decision, std::size_t record)
        : a_(a), decision_(decision), record_(record), table_(*a.table), now_(outcomes(a.evaluation)) {}

    /// The outcome with that value of the input, as text.
    const std::string& with(const std::string& input, const Value& value) {
        const auto [place, is_new] = seen_.try_emplace({input, value.to_feel()});
        if (!is_new) return place->second.front();
        place->second = evaluated(input, value);
        return place->second.front();
    }
    bool differs(const std::string& input, const Value& value) { return with(input, value) != now_.front(); }
    std::vector<std::string> also(const std::string& input, const Value& value) {
        with(input, value);
        const auto& then = seen_.at({input, value.to_feel()});
        std::vector<std::string> out;
        for (std::size_t i = 0; i + 1 < then.size(); ++i)
            if (i != record_ && then[i + 1] != now_[i + 1]) out.push_back(a_.evaluation.record(i));
        return out;
    }
    std::size_t count() const { return count_; }

  private:
    /// Of the record first, then of all.
    std::vector<std::string> outcomes(const exec::Evaluation& e) const {
        std::vector<std::string> out(1);
        for (std::size_t i = 0; i < a_.evaluation.size(); ++i) {
            const auto place = &e == &a_.evaluation ? std::optional(i) : e.find(a_.evaluation.record(i));
            if (!place)
                out.emplace_back("-");
            else
                out.push_back(e.outcome(decision_.id, *place).settled() ? e.value(decision_.id, *place).to_string()
                                                                        : "");
        }
        out.front() = out[record_ + 1];
        return out;
    }

    std::vector<std::string> evaluated(const std::string& input, const Value& value) {
        ++count_;
        const auto row = a_.evaluation.rows[record_];
        const auto column = std::find_if(table_.columns.begin(), table_.columns.end(),
                                         [&](const auto& c) { return c.name() == input; });
        const auto before = column->at(row);
        column->set(row, value);
        const auto e = exec::evaluate_columns(*a_.graph, table_, *a_.history);
        auto out = outcomes(e);
        column->set(row, before);
        return out;
    }

    const assess::Assessment& a_;
    const graph::Node& decision_;
    std::size_t record_;
    Table table_;
    std::vector<std::string> now_;
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> seen_;
    std::size_t count_ = 0;
};

int decimals_of(const Value& value) {
    const auto text = value.number()->to_string();
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

/// As many places as the column has, for one who reported 8.10 wrote 8.1.
int places(const Column& column) {
    constexpr std::size_t looked_at = 1000;
    int out = 0;
    for (std::size_t row = 0; row < std::min(column.size(), looked_at); ++row)
        if (column.missing(row) == feel::Missing::none) out = std::max(out, decimals_of(column.at(row)));
    return out;
}

class Search {
  public:
    Search(Again& again, const model::Input& input, const Column& column, const Value& reported)
        : again_(again),
          input_(input),
          reported_(*reported.number()),
          decimals_(input.decimals.value_or(places(column))),
          step_(Decimal::scaled(1, -decimals_)) {
        const auto zero = Decimal(0);
        low_ = input.min.value_or(reported_ < zero ? reported_ * Decimal(times_reported) : zero);
        high_ = input.max.value_or(std::max(reported_ * Decimal(times_reported), step_ * Decimal(few_values)));
    }

    int decimals() const { return decimals_; }
    bool every_value() const { return every_; }

    /// The nearest found on one side.
    std::optional<WouldChange::Flip> towards(bool up) {
        const auto& end = up ? high_ : low_;
        const auto steps =
            ((up ? end - reported_ : reported_ - end) / step_).floor().to_int64().value_or(INT64_MAX / 4);
        if (steps < 1) return std::nullopt;
        every_ = every_ && steps <= few_values;
        std::int64_t last = 0;
        for (std::int64_t next = 1; last < steps; next = steps <= few_values ? next + 1 : next * 2) {
            next = std::min(next, steps);
            if (turns(up, next)) return narrowed(up, last, next);
            last = next;
        }
        return std::nullopt;
    }

  private:
    Value at(bool up, std::int64_t steps) const {
        const auto away = step_ * Decimal(steps);
        return up ? reported_ + away : reported_ - away;
    }
    bool turns(bool up, std::int64_t steps) { return again_.differs(input_.name, at(up, steps)); }
    WouldChange::Flip narrowed(bool up, std::int64_t same, std::int64_t other) {
        while (other - same > 1) {
            const auto middle = same + (other - same) / 2;
            (turns(up, middle) ? other : same) = middle;
        }
        const auto value = at(up, other);
        return {value, again_.with(input_.name, value), again_.also(input_.name, value)};
    }

    Again& again_;
    const model::Input& input_;
    Decimal reported_;
    int decimals_;
    Decimal step_, low_, high_;
    bool every_ = true;
};

std::optional<Decimal> change_of(const WouldChange::Input& input) {
    std::optional<Decimal> out;
    for (const auto* flip : {&input.down, &input.up})
        if (*flip)
            if (const auto size = (*(*flip)->needed.number() - *input.reported.number()).abs(); !out || size < *out)
                out = size;
    return out;
}

/// The flip that takes the smaller change.
const WouldChange::Flip& nearest(const WouldChange::Input& input) {
    if (!input.down) return *input.up;
    if (!input.up) return *input.down;
    const auto& reported = *input.reported.number();
    return (reported - *input.down->needed.number()) < (*input.up->needed.number() - reported) ? *input.down
                                                                                               : *input.up;
}

/// Changes of different figures beside each other.
Decimal relative(const WouldChange::Input& input) {
    const auto& reported = *input.reported.number();
    const auto change = *change_of(input);
    return reported.is_zero() ? change : change / reported.abs();
}

void try_words(Again& again, const model::Input& input, WouldChange::Input& out) {
    std::vector<Value> values;
    for (const auto& text : input.values) values.emplace_back(text);
    if (input.type == feel::Type::Kind::boolean) values = {Value(true), Value(false)};
    out.every_value = true;
    for (const auto& value : values)
        if (!feel::identical(value, out.reported) && again.differs(input.name, value))
            out.others.push_back({value, again.with(input.name, value), again.also(input.name, value)});
}

}  // namespace

WouldChange would_change(const assess::Assessment& a, const graph::Node& decision, std::size_t record,
                         std::string_view language) {
    const auto& graph = *a.graph;
    const auto& e = a.evaluation;
    WouldChange out;
    out.language = wording::language_from_string(language).value_or(wording::Language::en);
    out.record = e.record(record);
    if (const auto* label = graph.find(graph.rules->label_input)) out.label = e.value(label->id, record).to_string();
    out.decision = decision.name;
    out.year = e.year;
    out.run = a.run.id;
    out.outcome = e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string()
                                                           : say(Answer::undetermined, out.language);
    if ((out.too_many = e.size() > most_records)) return out;
    Again again(a, decision, record);
    for (const auto id : exec::nodes_behind(graph, decision)) {
        const auto* form = std::get_if<graph::InputForm>(&graph.node(id).form);
        const auto* column = form ? a.table->column(graph.node(id).name) : nullptr;
        if (!column) continue;
        const auto& input = *form->input;
        WouldChange::Input one{
            subject_of(graph, graph.node(id), e.year, language), input.unit, 0, e.value(id, record), {}, {}, {}, false};
        const bool words = !input.values.empty() || input.type == feel::Type::Kind::boolean;
        if (one.reported.is_null() || (!words && input.type != feel::Type::Kind::number)) {
            out.held.push_back(one.of.title);
            continue;
        }
        if (words) {
            try_words(again, input, one);
        } else {
            Search search(again, input, *column, one.reported);
            one.down = search.towards(false);
            one.up = search.towards(true);
            one.decimals = search.decimals();
            one.every_value = search.every_value();
        }
        if (one.down || one.up || !one.others.empty())
            out.inputs.push_back(std::move(one));
        else
            out.cannot.push_back(one.of.title);
    }
    std::stable_sort(out.inputs.begin(), out.inputs.end(), [](const auto& x, const auto& y) {
        const auto number_x = change_of(x), number_y = change_of(y);
        if (!number_x || !number_y) return number_x && !number_y;
        return relative(x) < relative(y);
    });
    out.assessed = again.count();
    return out;
}

namespace {

class Text {
  public:
    Text(const WouldChange& w, const TextOptions& options)
        : w_(w), o_(options), p_(palette(options.colour)), language_(w.language) {}

    std::string run() const {
        const auto who = audit::who(w_.record, w_.label);
        auto out = fmt::format(
            "{}{}{}\n\n", p_.bold,
            says(Answer::head_would_change, {{"who", who}, {"year", std::to_string(w_.year)}, {"got", w_.outcome}}),
            p_.reset);
        if (w_.too_many) return out + paragraph(says(Answer::too_many_records), 0);
        if (w_.inputs.empty()) out += paragraph(says(Answer::nothing_changes), 0);
        out += numbers() + words();
        if (!w_.cannot.empty()) out += heading(Answer::cannot_alone) + paragraph(joined(w_.cannot), 2);
        out += heading(Answer::held);
        if (!w_.held.empty()) out += paragraph(joined(w_.held), 2);
        out += paragraph(says(Answer::held_always), 2);
        return out + also() + "\n" + paragraph(says(Answer::assessed_again, {{"n", std::to_string(w_.assessed)}}), 0);
    }

  private:
    using Arguments = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    std::string says(Answer answer, Arguments arguments = {}) const { return say(answer, language_, arguments); }
    std::string heading(Answer answer) const { return fmt::format("\n{}{}{}\n", p_.bold, says(answer), p_.reset); }
    std::string paragraph(const std::string& text, std::size_t indent) const {
        return wrapped(text, o_.width, indent, indent);
    }
    std::string joined(const std::vector<std::string>& texts) const {
        return fmt::format("{}", fmt::join(texts, say(wording::Phrase::separator, language_)));
    }
    std::string outcome(const std::string& text) const { return text.empty() ? says(Answer::undetermined) : text; }

    std::string numbers() const {
        std::vector<Cells> rows{{says(Answer::figure), says(Answer::reported), says(Answer::needed),
                                 says(Answer::change), says(Answer::leads_to), says(Answer::turns_below),
                                 says(Answer::turns_above)}};
        for (const auto& input : w_.inputs) {
            if (!input.down && !input.up) continue;
            const auto shown = [&](const Decimal& n) { return n.to_fixed(input.decimals); };
            const auto& reported = *input.reported.number();
            const auto& flip = nearest(input);
            const auto difference = *flip.needed.number() - reported;
            const auto share =
                reported.is_zero() ? shown(difference) : (difference / reported * Decimal(100)).to_fixed(2) + " %";
            rows.push_back({input.of.title, shown(reported), shown(*flip.needed.number()),
                            difference.is_negative() ? share : "+" + share, outcome(flip.outcome),
                            input.down ? shown(*input.down->needed.number()) : "",
                            input.up ? shown(*input.up->needed.number()) : ""});
        }
        if (rows.size() == 1) return "";
        return heading(Answer::one_figure) +
               table_text(
                   rows,
                   {Align::left, Align::right, Align::right, Align::right, Align::left, Align::right, Align::right},
                   2) +
               paragraph(says(Answer::each_verified, {{"outcome", w_.outcome}}), 2);
    }

    std::string words() const {
        std::vector<Cells> rows;
        for (const auto& input : w_.inputs)
            for (const auto& flip : input.others)
                rows.push_back({fmt::format("{} = {}", input.of.title, wording::show(flip.needed, {}, language_)),
                                outcome(flip.outcome)});
        return rows.empty() ? "" : heading(Answer::one_word) + table_text(rows, {Align::left, Align::left}, 2);
    }

    /// Who else would move: ranks are a sentence about others.
    std::string also() const {
        std::string lines;
        const auto note = [&](const WouldChange::Input& input, const WouldChange::Flip& flip) {
            if (!flip.also.empty())
                lines += paragraph(fmt::format("{} = {}{}{}", input.of.title, wording::show(flip.needed, {}, language_),
                                               says(Answer::colon), joined(flip.also)),
                                   2);
        };
        for (const auto& input : w_.inputs) {
            if (input.down || input.up) note(input, nearest(input));
            for (const auto& flip : input.others) note(input, flip);
        }
        return heading(Answer::follows_for_others) + (lines.empty() ? paragraph(says(Answer::nobody_else), 2) : lines);
    }

    const WouldChange& w_;
    const TextOptions& o_;
    Palette p_;
    wording::Language language_;
};

Json json_of(const WouldChange::Flip& flip) {
    return {{"needed", flip.needed.to_string()},
            {"outcome", flip.outcome.empty() ? Json() : Json(flip.outcome)},
            {"also_moves", flip.also}};
}

}  // namespace

std::string render_text(const WouldChange& w, const TextOptions& options) { return Text(w, options).run(); }

std::string render_json(const WouldChange& w) {
    Json out = {{"version", 1},           {"record", w.record},   {"year", w.year},         {"run", w.run},
                {"decision", w.decision}, {"outcome", w.outcome}, {"too_many", w.too_many}, {"assessed", w.assessed}};
    out["inputs"] = Json::array();
    for (const auto& input : w.inputs) {
        Json one = {{"input", input.of.node->name},
                    {"title", input.of.title},
                    {"unit", input.unit},
                    {"reported", input.reported.to_string()},
                    {"every_value_tried", input.every_value}};
        if (input.down) one["down"] = json_of(*input.down);
        if (input.up) one["up"] = json_of(*input.up);
        for (const auto& flip : input.others) one["others"].push_back(json_of(flip));
        out["inputs"].push_back(std::move(one));
    }
    out["cannot"] = w.cannot;
    out["held"] = w.held;
    return dumped(out);
}

}  // namespace zoneval::audit
