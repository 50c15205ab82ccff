// Functions over the records of another kind: `sum of parks(area where role = "core")`. The kind has a graph of its
// own; here such a call is one value that is handed on from it.
#include <fmt/format.h>

#include "engine/feel/syntax/print.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"
#include "engine/graph/domains.hpp"

namespace zoneval::graph {

using feel::Type;

namespace {

constexpr KindFunction functions[] = {
    KindFunction::sum, KindFunction::mean,  KindFunction::min,    KindFunction::max,      KindFunction::count,
    KindFunction::any, KindFunction::every, KindFunction::latest, KindFunction::earliest, KindFunction::median};

std::string name_of(KindFunction function, const std::string& kind) {
    return fmt::format("{} of {}", to_string(function), kind);
}

bool asks(KindFunction function) {
    return function == KindFunction::count || function == KindFunction::any || function == KindFunction::every;
}
bool computes(KindFunction function) {
    return function == KindFunction::sum || function == KindFunction::mean || function == KindFunction::median;
}

}  // namespace

void Builder::declare_kinds() {
    for (const auto& kind : rules_->kinds) {
        if (kind.of != (kind_ ? kind_->name : "")) continue;
        auto& own = *kinds_.emplace_back(std::make_unique<Builder>(kind.rules, diagnostics_, types_));
        own.kind_ = &kind;
        own.owner_ = this;
        own.declare();
        const auto inside = std::make_shared<const feel::Names>(own.visible_);
        for (const auto function : functions)
            for (auto* names : {&visible_, &testing_})
                names->over_kinds.push_back({name_of(function, kind.name), inside});
    }
}

NodeId Builder::node_of(feel::ExprPtr operand, const feel::ExpressionText& text) {
    auto written = feel::to_feel(*operand);
    lower_calls(operand, text);
    const auto id = operand_node(Formula{std::move(operand), text.source, std::move(written)});
    read_outside_.insert(id);
    return id;
}

std::optional<NodeId> Builder::lower_over_kind(feel::Call& call, Span span, const feel::ExpressionText& text) {
    const auto name = call.callee->as<feel::Name>()->name;
    KindForm form{KindFunction::count, 0, {}, {}, {}};
    for (std::size_t k = 0; k < kinds_.size(); ++k)
        for (const auto function : functions)
            if (name_of(function, kinds_[k]->kind_->name) == name) form.function = function, form.kind = k;
    const auto& kind = *kinds_[form.kind]->kind_;
    const auto refuse = [&](std::string message, std::string expected) {
        diagnostics_.add(Kind::wrong_arguments, *text.source, span, std::move(message), std::move(expected));
        return std::nullopt;
    };
    if (call.arguments.empty() && form.function != KindFunction::count)
        return refuse(fmt::format("`{}` does not say what of them", name), fmt::format("`{}(x)`", name));
    if (is_by_date(form.function) && kind.dated.empty())
        return refuse(
            fmt::format("records of kind `{}` have no dates, so none is the {}", kind.name, to_string(form.function)),
            "a kind with `dated`");
    auto label = name + "(";
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
        label += (i == 0 ? "" : " where ") + feel::to_feel(*call.arguments[i]);
    label += ")";
    const bool known = hidden_.contains(label);
    const auto id = hidden(label);
    if (known) return id;
    const auto span_of = [&](std::size_t i) { return i < call.arguments.size() ? call.arguments[i]->span : span; };
    const auto of = add_node(NodeKind::hidden, label, nullptr);
    kind_calls_.push_back({of, name, text.source, span_of(0), span_of(1)});
    auto& own = *kinds_[form.kind];
    if (!call.arguments.empty()) form.value = own.node_of(std::move(call.arguments[0]), text);
    if (call.arguments.size() > 1) form.where = own.node_of(std::move(call.arguments[1]), text);
    node(of).form = std::move(form);
    node(id).form = HistoryForm{of, 0, false};
    return id;
}

void Builder::finish_kinds() {
    for (const auto& own : kinds_) {
        auto graph = std::make_shared<const Graph>(own->finish());
        std::vector<NodeId> reads;
        for (const auto& n : graph->nodes)
            if (const auto* form = std::get_if<OwnerForm>(&n.form)) reads.push_back(form->of);
        read_by_kinds_.insert(reads.begin(), reads.end());
        graph_.kinds.push_back({own->kind_, std::move(graph), std::move(reads)});
    }
    for (const auto& call : kind_calls_) {
        check_kind_call(call);
        describe_kind_call(node(call.node));
    }
}

/// `density of zone`: what is computed for the record that each belongs to, under a name of its own. What nobody reads
/// stays without a form.
void Builder::declare_of_owner() {
    if (!owner_) return;
    for (const auto& n : owner_->graph_.nodes) {
        if (n.kind != NodeKind::measure && n.kind != NodeKind::score && n.kind != NodeKind::group) continue;
        const auto name = model::joined_name(n.name, rules_->owner);
        if (!feel::is_name(name) || graph_.find(name)) continue;  // the kind's own name counts
        const auto id = add_node(NodeKind::measure, name, n.definition);
        node(id).unit = n.unit;
        node(id).decimals = n.decimals;
        const auto known = types_.find({owner_->kind_ ? owner_->kind_->name : "", n.name});
        if (n.kind != NodeKind::measure)
            node(id).type = Type::of(Type::Kind::number);
        else if (known != types_.end())
            node(id).type = known->second;
        of_owner_.emplace(id, n.id);
    }
}

void Builder::define_of_owner() {
    std::set<NodeId> read = read_by_kinds_;
    read.insert(read_outside_.begin(), read_outside_.end());
    for (const auto& n : graph_.nodes)
        for_each_formula(n, [&](const Formula& f) {
            for (const auto slot : feel::slots_read(*f.expr)) read.insert(slot);
        });
    for (const auto& [id, of] : of_owner_) {
        if (!read.contains(id)) continue;
        const auto outside = add_node(NodeKind::hidden, node(id).name, nullptr);
        node(outside).form = OwnerForm{of};
        node(outside).type = node(id).type;
        node(outside).unit = node(id).unit;
        node(outside).decimals = node(id).decimals;
        node(id).form = HistoryForm{outside, 0, false};
    }
}

/// Kinds whose records this year's value of a node rests on.
std::set<std::size_t> Builder::kinds_behind(const std::vector<NodeId>& nodes) const {
    std::set<std::size_t> out;
    std::set<NodeId> seen;
    auto left = nodes;
    while (!left.empty()) {
        const auto& n = graph_.node(left.back());
        left.pop_back();
        if (!seen.insert(n.id).second) continue;
        left.insert(left.end(), n.uses.begin(), n.uses.end());
        const auto* history = std::get_if<HistoryForm>(&n.form);
        if (!history || history->reviews > 0) continue;
        if (const auto* form = std::get_if<KindForm>(&graph_.node(history->of).form)) out.insert(form->kind);
    }
    return out;
}

void Builder::order_kinds() {
    enum { unseen, open, done };
    std::vector<int> state(kinds_.size());
    const auto visit = [&](const auto& self, std::size_t k) -> bool {
        if (state[k] == done) return true;
        if (state[k] == open) return false;
        state[k] = open;
        for (const auto other : kinds_behind(graph_.kinds[k].reads)) {
            if (self(self, other)) continue;
            const auto& kind = *kinds_[k]->kind_;
            diagnostics_.add(
                zoneval::Kind::definition_cycle, *kind.source, kind.span,
                fmt::format("records of kind `{}` read what is computed from records of kind `{}`, and those need them",
                            kind.name, kinds_[other]->kind_->name),
                "measures of the owner that can be computed before its records of this kind");
            break;
        }
        state[k] = done;
        graph_.kind_order.push_back(k);
        return true;
    };
    for (std::size_t k = 0; k < kinds_.size(); ++k) visit(visit, k);
}

void Builder::check_kind_call(const KindCall& call) {
    const auto& form = std::get<KindForm>(node(call.node).form);
    const auto& own = *graph_.kinds[form.kind].graph;
    const auto expect = [&](std::optional<NodeId> operand, Span span, auto fits, const char* expected) {
        if (!operand) return;
        const auto& type = *own.node(*operand).type;
        if (type.kind == Type::Kind::any || type.kind == Type::Kind::null || fits(type.kind)) return;
        diagnostics_.add(zoneval::Kind::type_error, *call.source, span,
                         fmt::format("`{}` is given a {}", call.function, type.to_string()), expected);
    };
    const auto truth = [](Type::Kind kind) { return kind == Type::Kind::boolean; };
    const auto number = [](Type::Kind kind) { return kind == Type::Kind::number; };
    const auto plain = [&](Type::Kind kind) {
        return truth(kind) || number(kind) || kind == Type::Kind::string || kind == Type::Kind::date;
    };
    const auto ordered = [&](Type::Kind kind) { return number(kind) || kind == Type::Kind::date; };
    if (asks(form.function))
        expect(form.value, call.span, truth, "a condition");
    else if (computes(form.function))
        expect(form.value, call.span, number, "a number");
    else if (is_by_date(form.function))
        expect(form.value, call.span, plain, "a number, a text, a date, true or false");
    else
        expect(form.value, call.span, ordered, "a number or a date");
    expect(form.where, call.where, truth, "a condition behind `where`");
}

/// What is known of it before any record is: type, unit and what it cannot go beyond.
void Builder::describe_kind_call(Node& of) {
    auto& form = std::get<KindForm>(of.form);
    const auto& own = *graph_.kinds[form.kind].graph;
    if (asks(form.function)) {
        const bool count = form.function == KindFunction::count;
        of.type = Type::of(count ? Type::Kind::number : Type::Kind::boolean);
        if (count) of.low = feel::Decimal(0);
        return;
    }
    const auto& value = own.node(*form.value);
    of.type = value.type;
    of.unit = value.unit;
    of.decimals = value.decimals;
    if (diagnostics_.has_errors()) return;  // then the kind's graph may not be used
    const auto domains = domains_of(own, [](NodeId) { return std::nullopt; });
    const auto& domain = domains[static_cast<std::size_t>(value.id)];
    if (form.function == KindFunction::sum) {
        if (domain.low && !domain.low->is_negative()) of.low = feel::Decimal(0);
        if (domain.high && (domain.high->is_negative() || domain.high->is_zero())) of.high = feel::Decimal(0);
        return;
    }
    of.low = domain.low;
    of.high = domain.high;
    if (is_by_date(form.function)) form.values = domain.options;
}

/// Parameters, and inputs that a kind reads of the record it belongs to.
void Builder::add_used_by_kinds(std::set<NodeId>& used) const {
    for (const auto& [kind, own, reads] : graph_.kinds)
        for (const auto& n : own->nodes)
            for (const auto id : n.uses) {
                const auto& name = own->node(id).name;
                for (const auto& input : rules_->inputs)
                    if (model::joined_name(input.name, rules_->record) == name)
                        if (const auto* mine = graph_.find(input.name)) used.insert(mine->id);
                if (const auto* mine = graph_.find(name); mine && mine->kind == NodeKind::parameter)
                    used.insert(mine->id);
            }
}

}  // namespace zoneval::graph
