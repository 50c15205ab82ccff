#include "engine/exec/kinds/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Missing;
using feel::Value;
using graph::KindForm;
using graph::NodeId;

namespace {

constexpr std::uint32_t nobody = UINT32_MAX;

/// The rows for which `keep` holds, as a table of their own.
template <class Keep>
Table some_rows(const Table& from, const Keep& keep) {
    Table out;
    out.year = from.year;
    out.batches = from.batches;
    for (const auto& column : from.columns) out.columns.emplace_back(column.name(), column.type());
    for (std::size_t row = 0; row < from.records.size(); ++row) {
        if (!keep(row)) continue;
        out.append_record(from.records[row], from.row_origin(row));
        for (std::size_t c = 0; c < from.columns.size(); ++c) {
            const auto kind = from.columns[c].missing(row);
            if (kind == Missing::none)
                out.columns[c].append(from.columns[c].at(row));
            else
                out.columns[c].append_missing(kind);
            if (from.origin(row, c) != from.row_origin(row))
                out.set_origin(out.records.size() - 1, c, from.origin(row, c));
        }
    }
    return out;
}

/// Of records with dates those that count at the end of a year.
Table up_to(std::int32_t year, Table table, const std::string& dated) {
    table.year = year;
    const auto* days = dated.empty() ? nullptr : table.column(dated);
    if (!days) return table;
    const feel::Date last{year, 12, 31};
    const auto counts = [&](std::size_t row) {
        const auto day = days->at(row);
        return day.date() && *day.date() <= last;
    };
    return some_rows(table, counts);
}

const Column* owner_column(const Table& owners, const std::string& joined, const std::string& owner) {
    for (const auto& column : owners.columns)
        if (model::joined_name(column.name(), owner) == joined) return &column;
    return nullptr;
}

/// Beside the kind's own inputs those of the owners that its formulas read.
void join_owners(const graph::Graph& graph, const Table& owners, const std::vector<std::uint32_t>& owner,
                 Table& table) {
    std::set<NodeId> used;
    for (const auto& node : graph.nodes) used.insert(node.uses.begin(), node.uses.end());
    for (const auto& input : graph.rules->joined) {
        const auto* node = graph.find(input.name);
        if (!node || !used.contains(node->id)) continue;
        const auto* from = owner_column(owners, input.name, graph.rules->owner);
        auto& column = table.columns.emplace_back(input.name, input.type);
        for (const auto row : owner) {
            const auto kind = row == nobody || !from ? Missing::not_reported : from->missing(row);
            if (kind == Missing::none)
                column.append(from->at(row));
            else
                column.append_missing(kind);
        }
    }
}

}  // namespace

namespace {

/// What was computed of the owners, handed on to the records of a kind.
class OwnerHistory : public History {
  public:
    OwnerHistory(const Table& records, const std::vector<std::uint32_t>& owner) : records_(records), owner_(owner) {}

    void add(NodeId of, const Evaluation& owners) {
        auto& kept = of_owner_[of];
        kept.values.assign(owners.table->records.size(),
                           Value::missing(Missing::not_applicable, feel::reasons::absent()));
        Reopenings reopenings;
        for (std::size_t i = 0; i < owners.size(); ++i) {
            const auto row = owners.rows[i];
            kept.values[row] = owners.value(of, i);
            for (auto& [node, reopened] : owners.reopened({of}, i))
                reopenings.emplace(static_cast<std::uint32_t>(row), std::move(reopened));
        }
        if (!reopenings.empty()) kept.reopened = std::make_shared<const Reopenings>(std::move(reopenings));
    }

    std::optional<Value> value(const graph::Node& node, RecordAt record, std::int32_t) const override {
        const auto* kept = of(node);
        const auto row = kept ? owner_row(record) : std::nullopt;
        if (!kept) return std::nullopt;
        if (row) return kept->values[*row];
        return Value::missing(Missing::not_reported, feel::reasons::owner_not_there(node.name, record));
    }
    std::optional<Reopened> reopened(const graph::Node& node, RecordAt record, std::int32_t) const override {
        const auto* kept = of(node);
        const auto row = kept && kept->reopened ? owner_row(record) : std::nullopt;
        if (!row) return std::nullopt;
        const auto found = kept->reopened->find(*row);
        return found == kept->reopened->end() ? std::nullopt : std::optional(found->second);
    }
    bool may_be_reopened(const graph::Node& node, std::int32_t) const override {
        const auto* kept = of(node);
        return kept && kept->reopened;
    }
    std::optional<EarlierColumn> column(const graph::Node& node, const Table& now, std::int32_t) const override {
        const auto* kept = of(node);
        if (!kept || &now != &records_) return std::nullopt;
        EarlierColumn out;
        out.values = &kept->values;
        out.reopened = kept->reopened;
        for (const auto row : owner_) out.places.push_back(row == nobody ? EarlierColumn::unknown : row);
        return out;
    }

  private:
    using Reopenings = std::unordered_map<std::uint32_t, Reopened>;
    struct Kept {
        std::vector<Value> values;  ///< by row of the owners
        std::shared_ptr<const Reopenings> reopened;
    };
    const Kept* of(const graph::Node& node) const {
        const auto* form = std::get_if<graph::OwnerForm>(&node.form);
        const auto found = form ? of_owner_.find(form->of) : of_owner_.end();
        return found == of_owner_.end() ? nullptr : &found->second;
    }
    std::optional<std::uint32_t> owner_row(const std::string& record) const {
        const auto row = records_.row(record);
        return row && owner_[*row] != nobody ? std::optional(owner_[*row]) : std::nullopt;
    }

    const Table& records_;
    const std::vector<std::uint32_t>& owner_;
    std::map<NodeId, Kept> of_owner_;
};

}  // namespace

struct Kinds::OfKind {
    const graph::KindGraph& kind;
    Table table;
    bool supplied;
    std::vector<std::uint32_t> owner;          ///< by row; nobody: it is not there
    std::vector<std::uint32_t> first, record;  ///< by owner: where its records begin in `record`
    OwnerHistory of_owner{table, owner};
    std::unique_ptr<Kinds> below{};
    std::unique_ptr<KindsHistory> history{};
    Evaluation evaluation{};

    OfKind(const graph::KindGraph& of, KindRecords given, const Table& owners)
        : kind(of), table(up_to(owners.year, std::move(given.table), of.kind->dated)), supplied(given.supplied) {
        const auto* key = table.column(kind.kind->key);
        owner.assign(table.records.size(), nobody);
        for (std::size_t row = 0; key && row < owner.size(); ++row)
            if (key->missing(row) == Missing::none)
                if (const auto found = owners.row(*key->at(row).string()))
                    owner[row] = static_cast<std::uint32_t>(*found);
        join_owners(*kind.graph, owners, owner, table);
        first.assign(owners.records.size() + 1, 0);
        for (const auto row : owner)
            if (row != nobody) ++first[row + 1];
        for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
        record.resize(first.back());
        auto next = first;
        for (std::uint32_t row = 0; row < owner.size(); ++row)
            if (owner[row] != nobody) record[next[owner[row]]++] = row;
    }

    /// Those of the kinds below first, with what was computed of the owners.
    void evaluate(std::vector<KindRecords> records, const Evaluate& by) {
        if (kind.graph->kinds.empty()) {
            evaluation = by(*kind.graph, table, of_owner);
            return;
        }
        below = std::make_unique<Kinds>(*kind.graph, table, std::move(records), of_owner, by);
        history = std::make_unique<KindsHistory>(of_owner, *below, table);
        evaluation = by(*kind.graph, table, *history);
    }
};

namespace {

/// The terms of one function, record by record.
class KindTerms {
  public:
    KindTerms(const KindForm& form, const graph::KindGraph& kind, const Evaluation& e)
        : form_(form), graph_(*kind.graph), e_(e), members_(known_), memories_(graph_) {
        for (const auto& operand : {form.value, form.where})
            if (operand)
                for (const auto id : nodes_behind(graph_, graph_.node(*operand))) {
                    if (std::holds_alternative<graph::InputForm>(graph_.node(id).form)) data_.insert(id);
                    if (std::holds_alternative<graph::HistoryForm>(graph_.node(id).form)) handed_on_.push_back(id);
                }
        for (const auto id : data_) columns_.push_back(e.table->column(graph_.node(id).name));
        days_ = kind.kind->dated.empty() ? nullptr : e.table->column(kind.kind->dated);
    }

    /// Something behind it is not known.
    bool has_blank(std::size_t record) const {
        const auto rests_on_one = [&](NodeId id) {
            return feel::is_unknown(e_.value(id, record)) || e_.earlier(id, record) != nullptr;
        };
        if (std::any_of(handed_on_.begin(), handed_on_.end(), rests_on_one)) return true;
        return std::any_of(columns_.begin(), columns_.end(), [&](const Column* column) {
            if (!column) return true;
            const auto kind = column->missing(record);
            return kind != Missing::none && kind != Missing::not_applicable;
        });
    }

    /// As things are; what is not known within its bounds.
    KindTerm now(std::size_t record) {
        KindTerm out{KindTerm::In::yes, value(form_.value, record), day(record)};
        if (form_.where) out.in = holds(value(form_.where, record));
        return out;
    }
    /// With every blank put back.
    KindTerm filled(std::size_t record) {
        const auto reading = completions(record, Blanks::all);
        KindTerm out{KindTerm::In::yes, {Value(true), {}, {}, {}}, day(record)};
        if (form_.value) out.value = reading.abstract(*form_.value);
        if (form_.where) out.in = holds(reading.abstract(*form_.where));
        return out;
    }

    /// Why it is not known: the record's own data, under its name; what was handed on to it says so itself.
    void add_leaves(std::size_t record, std::vector<feel::CausePtr>& out) const {
        std::set<feel::CausePtr> of_others;
        for (const auto id : handed_on_)
            if (const auto value = e_.value(id, record); feel::is_unknown(value))
                for (const auto& leaf : feel::leaves(value.cause())) of_others.insert(leaf);
        for (const auto& operand : {form_.value, form_.where}) {
            if (!operand) continue;
            const auto value = e_.value(*operand, record);
            if (!feel::is_unknown(value)) continue;
            for (const auto& leaf : feel::leaves(value.cause()))
                out.push_back(of_others.contains(leaf) ? leaf : of_record(leaf, record));
        }
    }

  private:
    AbstractValue value(const std::optional<NodeId>& operand, std::size_t record) {
        if (!operand) return {Value(true), {}, {}, {}};
        AbstractValue out{e_.value(*operand, record), {}, {}, {}};
        if (out.open()) return completions(record, Blanks::of_scores).abstract(*operand);
        return out;
    }

    Completions completions(std::size_t record, Blanks blanks) {
        return {graph_, known_, record, blanks, members_, memories_};
    }

    static KindTerm::In holds(const AbstractValue& condition) {
        if (condition.open()) return KindTerm::In::maybe;
        return condition.value.is_true() ? KindTerm::In::yes : KindTerm::In::no;
    }

    std::optional<feel::Date> day(std::size_t record) const {
        return days_ ? std::optional(*days_->at(record).date()) : std::nullopt;
    }

    /// "`revenue of Z1-b` is not reported in 2023 (parks.csv line 3)"
    feel::CausePtr of_record(const feel::CausePtr& leaf, std::size_t record) const {
        if (!leaf->fact.find(feel::ArgumentType::datum)) return leaf;
        const auto name = fmt::format("{} of {}", wording::awaited(*leaf, wording::Language::en), e_.record(record));
        feel::Cause out;
        out.missing = leaf->missing;
        const bool at = leaf->fact.reason == feel::Reason::missing_datum_at;
        out.fact = at ? feel::reasons::missing_of_kind_at(name, e_.year, std::get<std::string>(leaf->fact.arguments[3]))
                      : feel::reasons::missing_of_kind(name, e_.year);
        return feel::make_cause(std::move(out));
    }

    const KindForm& form_;
    const graph::Graph& graph_;
    const Evaluation& e_;
    EvaluatedCohort known_{e_};
    GatheredMembers members_;
    CompletionsMemories memories_;
    std::set<NodeId> data_;
    std::vector<NodeId> handed_on_;       ///< from the owner, or from records that belong to the kind's own
    std::vector<const Column*> columns_;  ///< of the data; nullptr: nobody has it
    const Column* days_ = nullptr;
};

bool same(const AbstractValue& a, const AbstractValue& b) {
    if (a.open() != b.open()) return false;
    if (!a.open()) return feel::identical(a.value, b.value);
    return a.low == b.low && a.high == b.high &&
           feel::identical(Value(feel::List(a.options)), Value(feel::List(b.options)));
}

/// A null that says what it can be, and why it is not known.
Value told(const AbstractValue& open, const std::string& function, std::vector<feel::CausePtr> because) {
    feel::Cause cause;
    cause.fact = feel::reasons::open_of_kind(function);
    cause.because = std::move(because);
    if (cause.because.empty()) cause.missing = Missing::not_reported;
    cause.possible = open.options;
    cause.low = open.low;
    cause.high = open.high;
    return Value::null(feel::make_cause(std::move(cause)));
}

}  // namespace

Kinds::Kinds(const graph::Graph& graph, const Table& owners, std::vector<KindRecords> records, const History& earlier,
             const Evaluate& evaluate)
    : graph_(graph), owners_(owners), kinds_(graph.kinds.size()) {
    for (const auto k : graph.kind_order) {
        auto& given = records[k];
        auto below = std::move(given.below);
        kinds_[k] = std::make_unique<OfKind>(graph.kinds[k], std::move(given), owners);
        auto& one = *kinds_[k];
        if (!one.kind.reads.empty()) {
            const KindsHistory so_far(earlier, *this, owners);
            const auto of_owners = evaluate(graph, owners, so_far);
            for (const auto id : one.kind.reads) one.of_owner.add(id, of_owners);
        }
        one.evaluate(std::move(below), evaluate);
        for (const auto& node : graph.nodes)
            if (const auto* form = std::get_if<KindForm>(&node.form); form && form->kind == k) compute(node);
    }
}

Kinds::~Kinds() = default;

void Kinds::compute(const graph::Node& node) {
    const auto& form = std::get<KindForm>(node.form);
    const auto& of = *kinds_[form.kind];
    const auto& kind = of.kind.kind->name;
    Results out;
    out.values.resize(owners_.records.size());
    Reopenings reopenings;
    KindTerms terms(form, of.kind, of.evaluation);
    std::vector<KindTerm> now, filled;
    for (std::size_t row = 0; row < owners_.records.size(); ++row) {
        if (!of.supplied || (of.kind.kind->none_is_unknown && of.first[row] == of.first[row + 1])) {
            out.values[row] = Value::missing(Missing::not_reported,
                                             of.supplied ? feel::reasons::kind_not_reported(kind, owners_.year)
                                                         : feel::reasons::kind_not_supplied(kind, owners_.year));
            continue;
        }
        now.clear();
        filled.clear();
        bool blank = false;
        for (auto i = of.first[row]; i < of.first[row + 1]; ++i) {
            now.push_back(terms.now(of.record[i]));
            blank = blank || terms.has_blank(of.record[i]);
        }
        auto result = together(form.function, now, kind);
        if (blank) {
            for (auto i = of.first[row]; i < of.first[row + 1]; ++i)
                filled.push_back(terms.has_blank(of.record[i]) ? terms.filled(of.record[i]) : now[i - of.first[row]]);
            if (auto all = together(form.function, filled, kind); !same(all, result)) {
                if (all.open()) all.value = told(all, node.name, {});
                reopenings.emplace(static_cast<std::uint32_t>(row), Reopened{{}, std::move(all)});
            }
        }
        if (result.open()) {
            constexpr std::size_t most = 12;
            std::vector<feel::CausePtr> because;
            for (auto i = of.first[row]; i < of.first[row + 1] && because.size() < most; ++i)
                if (now[i - of.first[row]].in != KindTerm::In::no) terms.add_leaves(of.record[i], because);
            out.values[row] = told(result, node.name, std::move(because));
        } else {
            out.values[row] = std::move(result.value);
        }
    }
    if (!reopenings.empty()) out.reopened = std::make_shared<const Reopenings>(std::move(reopenings));
    results_.emplace(node.id, std::move(out));
}

const Evaluation& Kinds::evaluation(std::size_t kind) const { return kinds_[kind]->evaluation; }

const Kinds* Kinds::below(std::size_t kind) const { return kinds_[kind]->below.get(); }

bool Kinds::supplied(std::size_t kind) const { return kinds_[kind]->supplied; }

std::vector<std::uint32_t> Kinds::belonging(std::size_t kind, std::size_t row) const {
    const auto& of = *kinds_[kind];
    return {of.record.begin() + of.first[row], of.record.begin() + of.first[row + 1]};
}

KindTerm::In Kinds::takes_part(NodeId of, std::size_t record) const {
    const auto& form = std::get<KindForm>(graph_.node(of).form);
    if (!form.where) return KindTerm::In::yes;
    const auto value = kinds_[form.kind]->evaluation.value(*form.where, record);
    return feel::is_unknown(value) ? KindTerm::In::maybe : value.is_true() ? KindTerm::In::yes : KindTerm::In::no;
}

std::vector<std::string> Kinds::strangers(std::size_t kind) const {
    const auto& of = *kinds_[kind];
    const auto* key = of.table.column(of.kind.kind->key);
    std::set<std::string> out;
    for (std::size_t row = 0; key && row < of.owner.size(); ++row)
        if (of.owner[row] == nobody && key->missing(row) == Missing::none) out.insert(*key->at(row).string());
    return {out.begin(), out.end()};
}

namespace {

bool is_of_kind(const graph::Node& node) { return std::holds_alternative<KindForm>(node.form); }

}  // namespace

std::optional<Value> KindsHistory::value(const graph::Node& node, RecordAt record, std::int32_t year) const {
    if (!is_of_kind(node)) return earlier_.value(node, record, year);
    const auto row = kinds_.has(node.id) ? owners_.row(record.name, record.row) : std::nullopt;
    return row ? std::optional(kinds_.values(node.id)[*row]) : std::nullopt;
}

std::optional<Reopened> KindsHistory::reopened(const graph::Node& node, RecordAt record, std::int32_t year) const {
    if (!is_of_kind(node)) return earlier_.reopened(node, record, year);
    if (!kinds_.has(node.id)) return std::nullopt;
    const auto& all = kinds_.reopened(node.id);
    const auto row = all ? owners_.row(record.name, record.row) : std::nullopt;
    if (!row) return std::nullopt;
    const auto found = all->find(static_cast<std::uint32_t>(*row));
    return found == all->end() ? std::nullopt : std::optional(found->second);
}

bool KindsHistory::may_be_reopened(const graph::Node& node, std::int32_t year) const {
    return is_of_kind(node) ? kinds_.has(node.id) && kinds_.reopened(node.id) != nullptr
                            : earlier_.may_be_reopened(node, year);
}

std::optional<EarlierColumn> KindsHistory::column(const graph::Node& node, const Table& now, std::int32_t year) const {
    if (!is_of_kind(node)) return earlier_.column(node, now, year);
    if (!kinds_.has(node.id)) return std::nullopt;
    EarlierColumn out;
    out.values = &kinds_.values(node.id);
    out.reopened = kinds_.reopened(node.id);
    out.places = places_in(owners_, now);
    return out;
}

std::vector<std::uint32_t> places_in(const Table& there, const Table& now) {
    std::vector<std::uint32_t> out;
    out.reserve(now.records.size());
    for (std::size_t row = 0; row < now.records.size(); ++row) {
        const bool here = row < there.records.size() && there.records[row] == now.records[row];
        const auto found = here ? std::optional(row) : there.row(now.records[row]);
        out.push_back(found ? static_cast<std::uint32_t>(*found) : EarlierColumn::absent);
    }
    return out;
}

}  // namespace zoneval::exec
