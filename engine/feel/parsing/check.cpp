// INVARIANT (silence about Any): whatever may be anything, or null, is never complained about; each complaint is
// about an operation that gives null for every value of the types found.
#include "engine/feel/parsing/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/syntax/decision_table.hpp"

namespace zoneval::feel {

namespace {

using TypeKind = Type::Kind;

bool open_kind(const TypePtr& type) { return !type || type->kind == TypeKind::any || type->kind == TypeKind::null; }

bool is_duration(TypeKind k) { return k == TypeKind::days_time_duration || k == TypeKind::years_months_duration; }
bool is_moment(TypeKind k) { return k == TypeKind::date || k == TypeKind::date_time; }
bool is_ordered(TypeKind k) {
    return k == TypeKind::number || k == TypeKind::string || k == TypeKind::time || is_moment(k) || is_duration(k);
}

/// Result kinds of Tables 45 and 46; nullopt when the operation cannot succeed.
std::optional<TypeKind> sum_kind(BinaryOp op, TypeKind a, TypeKind b) {
    if (a == b && (a == TypeKind::number || is_duration(a))) return a;
    if (op == BinaryOp::add && a == TypeKind::string && b == TypeKind::string) return a;
    const auto shifted = [](TypeKind moment, TypeKind duration) {
        return is_duration(duration) &&
               (is_moment(moment) || (moment == TypeKind::time && duration == TypeKind::days_time_duration));
    };
    if (shifted(a, b)) return a;
    if (op == BinaryOp::add && shifted(b, a)) return b;
    if (op == BinaryOp::subtract && ((is_moment(a) && is_moment(b)) || (a == TypeKind::time && b == TypeKind::time)))
        return TypeKind::days_time_duration;
    return std::nullopt;
}

std::optional<TypeKind> product_kind(BinaryOp op, TypeKind a, TypeKind b) {
    if (a == TypeKind::number && b == TypeKind::number) return a;
    if (op == BinaryOp::power) return std::nullopt;
    if (is_duration(a) && b == TypeKind::number) return a;
    if (op == BinaryOp::multiply && a == TypeKind::number && is_duration(b)) return b;
    if (op == BinaryOp::divide && is_duration(a) && a == b) return TypeKind::number;
    return std::nullopt;
}

TypePtr of(TypeKind kind) { return Type::of(kind); }

/// Properties of 10.3.2.12.
TypePtr property_type(TypeKind kind, const std::string& name) {
    const auto one_of = [&](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (is_moment(kind) && one_of({"year", "month", "day", "weekday"})) return of(TypeKind::number);
    if ((kind == TypeKind::time || kind == TypeKind::date_time)) {
        if (one_of({"hour", "minute", "second"})) return of(TypeKind::number);
        if (name == "time offset") return of(TypeKind::days_time_duration);
        if (name == "timezone") return of(TypeKind::string);
    }
    if (kind == TypeKind::years_months_duration && one_of({"years", "months"})) return of(TypeKind::number);
    if (kind == TypeKind::days_time_duration && one_of({"days", "hours", "minutes", "seconds"}))
        return of(TypeKind::number);
    if (kind == TypeKind::range && one_of({"start included", "end included"})) return of(TypeKind::boolean);
    if (kind == TypeKind::range && one_of({"start", "end"})) return of(TypeKind::any);
    return nullptr;
}

class Checker {
  public:
    Checker(const Names& names, const SourcePtr& source, Diagnostics& diagnostics)
        : names_(names), source_(source), diagnostics_(diagnostics) {}

    TypePtr infer(const Expr& expression) {
        auto type = std::visit([&](const auto& node) { return visit(expression, node); }, expression.node);
        return type ? type : of(TypeKind::any);
    }

  private:
    void wrong(Span span, std::string message, std::string expected = {}, std::string hint = {}) {
        diagnostics_.add(zoneval::Kind::type_error, *source_, span, std::move(message), std::move(expected),
                         std::move(hint));
    }
    void wrong_call(Span span, std::string message, std::string expected = {}) {
        diagnostics_.add(zoneval::Kind::wrong_arguments, *source_, span, std::move(message), std::move(expected));
    }

    TypePtr& local(int index) {
        const auto i = static_cast<std::size_t>(index);
        if (i >= locals_.size()) locals_.resize(i + 1);
        return locals_[i];
    }

    TypePtr visit(const Expr&, const Literal& node) { return node.value.type(); }

    TypePtr visit(const Expr&, const Name& node) {
        if (!node.items.empty()) {
            // An entry of the item may shadow the name, unless the item is known to be no context.
            for (const auto item : node.items) {
                const auto type = local(item);
                if (open_kind(type)) return nullptr;
                if (type->kind != TypeKind::context) continue;
                for (const auto& [name, member] : type->members)
                    if (name == node.name) return member;
                if (type->members.empty()) return nullptr;
            }
        }
        if (node.local >= 0) return local(node.local);
        if (node.slot >= 0 && static_cast<std::size_t>(node.slot) < names_.entries.size())
            return names_.entries[static_cast<std::size_t>(node.slot)].type;
        return nullptr;
    }

    TypePtr visit(const Expr& at, const Negate& node) {
        const auto type = infer(*node.operand);
        if (open_kind(type)) return nullptr;
        if (type->kind == TypeKind::number || is_duration(type->kind)) return type;
        wrong(at.span, fmt::format("a {} has no negative", type->to_string()), "a number or a duration");
        return nullptr;
    }

    TypePtr visit(const Expr& at, const Binary& node) {
        const auto left = infer(*node.left), right = infer(*node.right);
        switch (node.op) {
            case BinaryOp::and_:
            case BinaryOp::or_:
                expect_boolean(*node.left, left, spelling(node.op));
                expect_boolean(*node.right, right, spelling(node.op));
                return of(TypeKind::boolean);
            case BinaryOp::add:
            case BinaryOp::subtract: refuse_bare_date(at, node); return arithmetic(at, node, left, right);
            case BinaryOp::multiply:
            case BinaryOp::divide:
            case BinaryOp::power: return arithmetic(at, node, left, right);
            default: break;
        }
        const bool ordering = node.op != BinaryOp::equal && node.op != BinaryOp::not_equal;
        comparable(at.span, spelling(node.op), left, right, ordering);
        return of(TypeKind::boolean);
    }

    TypePtr arithmetic(const Expr& at, const Binary& node, const TypePtr& left, const TypePtr& right) {
        const auto is = [](const TypePtr& type, TypeKind kind) { return type && type->kind == kind; };
        if ((is(left, TypeKind::null) && is(right, TypeKind::number)) ||
            (is(left, TypeKind::number) && is(right, TypeKind::null)))
            return of(TypeKind::number);  // it is null, and takes no other number away from the type
        if (open_kind(left) || open_kind(right)) return nullptr;
        const bool sum = node.op == BinaryOp::add || node.op == BinaryOp::subtract;
        const auto kind =
            sum ? sum_kind(node.op, left->kind, right->kind) : product_kind(node.op, left->kind, right->kind);
        if (kind) return of(*kind);
        const bool text =
            node.op == BinaryOp::add && (left->kind == TypeKind::string || right->kind == TypeKind::string);
        wrong(at.span,
              fmt::format("`{}` does not join a {} and a {}", spelling(node.op), left->to_string(), right->to_string()),
              "", text ? "`string(…)` turns a value into text" : "");
        return nullptr;
    }

    void expect_boolean(const Expr& at, const TypePtr& type, std::string_view where) {
        if (open_kind(type) || type->kind == TypeKind::boolean) return;
        wrong(at.span, fmt::format("`{}` needs true or false, this is a {}", where, type->to_string()), "a condition");
    }

    /// `2024-01-01` is 2022.
    void refuse_bare_date(const Expr& at, const Binary& node) {
        const auto* before = node.left->as<Binary>();
        if (node.op != BinaryOp::subtract || !before || before->op != BinaryOp::subtract) return;
        const auto within = [](const Expr& e, std::int64_t low, std::int64_t high) {
            const auto* literal = e.as<Literal>();
            const auto* number = literal ? literal->value.number() : nullptr;
            const auto whole = number ? number->to_int64() : std::nullopt;
            return whole && *whole >= low && *whole <= high;
        };
        if (within(*before->left, 1000, 2999) && within(*before->right, 1, 12) && within(*node.right, 1, 31))
            wrong(at.span, "this is a subtraction, not a date", "a date in quotes: `@\"2024-01-31\"`");
    }

    bool comparable(Span span, std::string_view how, const TypePtr& left, const TypePtr& right, bool ordering) {
        if (open_kind(left) || open_kind(right)) return true;
        if (left->kind != right->kind) {
            const bool chain = ordering && left->kind == TypeKind::boolean && right->kind == TypeKind::number;
            wrong(span, fmt::format("`{}` never compares a {} with a {}", how, left->to_string(), right->to_string()),
                  "two values of one type",
                  chain ? "for a value between two, write `x in (60..80)`, or `60 < x and x < 80`" : "");
            return false;
        }
        if (!ordering || is_ordered(left->kind)) return true;
        wrong(span, fmt::format("`{}` does not order a {}", how, left->to_string()),
              "numbers, texts, dates, times or durations");
        return false;
    }

    TypePtr visit(const Expr&, const If& node) {
        expect_boolean(*node.condition, infer(*node.condition), "if");
        const auto then = infer(*node.then), otherwise = infer(*node.otherwise);
        return common_type(then, otherwise);
    }

    TypePtr visit(const Expr& at, const Between& node) {
        const auto value = infer(*node.value), low = infer(*node.low), high = infer(*node.high);
        if (comparable(at.span, "between", value, low, true)) comparable(at.span, "between", value, high, true);
        return of(TypeKind::boolean);
    }

    void test(const Test& test, const TypePtr& input) {
        const auto type = infer(*test.expression);
        if (test.mentions_input || open_kind(type) || open_kind(input) || input->kind == TypeKind::list) return;
        auto against = type;
        if (type->kind == TypeKind::list || (type->kind == TypeKind::range && input->kind != TypeKind::range))
            against = type->element;
        if (!open_kind(against) && against->kind == TypeKind::range && against->element) against = against->element;
        if (open_kind(against) || against->kind == input->kind || against->kind == TypeKind::boolean) return;
        wrong(test.expression->span, fmt::format("a {} is never tested by a {}", input->to_string(), type->to_string()),
              fmt::format("a test of a {}", input->to_string()));
    }

    TypePtr visit(const Expr&, const In& node) {
        const auto input = infer(*node.value);
        local(node.input) = input;
        for (const auto& t : node.tests) test(t, input);
        return of(TypeKind::boolean);
    }

    TypePtr visit(const Expr&, const UnaryTests& node) {
        const auto input = infer(*node.input);
        for (const auto& t : node.tests) test(t, input);
        return of(TypeKind::boolean);
    }

    /// Several outputs make a context; policies that give all matches make a list of it.
    TypePtr visit(const Expr&, const TableExpr& node) {
        const auto& table = *node.table;
        std::vector<TypePtr> inputs, outputs(table.outputs.size());
        for (const auto& input : table.inputs) {
            inputs.push_back(input.type ? input.type : infer(*input.expression));
            local(node.input) = inputs.back();
            if (input.allowed) infer(*input.allowed);
        }
        const auto add = [&](std::size_t i, const Expr& expression, bool first) {
            const auto type = table.outputs[i].type ? table.outputs[i].type : infer(expression);
            outputs[i] = first ? type : common_type(outputs[i], type);
        };
        for (const auto& rule : table.rules) {
            for (std::size_t i = 0; i < rule.tests.size(); ++i) {
                local(node.input) = inputs[i];
                infer(*rule.tests[i]);
            }
            for (std::size_t i = 0; i < rule.outputs.size(); ++i)
                add(i, *rule.outputs[i], &rule == &table.rules.front());
        }
        for (std::size_t i = 0; i < table.outputs.size(); ++i)
            if (table.outputs[i].default_value) add(i, *table.outputs[i].default_value, table.rules.empty());
        return table_type(table, outputs);
    }

    static TypePtr table_type(const DecisionTable& table, const std::vector<TypePtr>& outputs) {
        if (table.aggregator != Aggregator::none) return nullptr;  // null when nothing matches
        TypePtr one;
        if (outputs.size() == 1) {
            one = outputs.front();
        } else {
            Type context;
            context.kind = TypeKind::context;
            for (std::size_t i = 0; i < outputs.size(); ++i)
                context.members.emplace_back(table.outputs[i].name, outputs[i] ? outputs[i] : of(TypeKind::any));
            one = std::make_shared<const Type>(std::move(context));
        }
        const bool all = table.hit_policy == HitPolicy::collect || table.hit_policy == HitPolicy::rule_order ||
                         table.hit_policy == HitPolicy::output_order;
        return all ? Type::list_of(one) : one;
    }

    void bind(const std::vector<Iterator>& iterators) {
        for (const auto& iterator : iterators) {
            auto type = infer(*iterator.in);
            if (iterator.to) infer(*iterator.to);
            const bool over =
                !iterator.to && !open_kind(type) && (type->kind == TypeKind::list || type->kind == TypeKind::range);
            local(iterator.local) = over ? type->element : type;
        }
    }

    TypePtr visit(const Expr&, const For& node) {
        bind(node.iterators);
        local(node.partial) = Type::list_of(nullptr);
        return Type::list_of(infer(*node.body));
    }

    TypePtr visit(const Expr&, const Quantified& node) {
        bind(node.iterators);
        expect_boolean(*node.body, infer(*node.body), "satisfies");
        return of(TypeKind::boolean);
    }

    TypePtr visit(const Expr&, const Filter& node) {
        const auto list = infer(*node.list);
        const auto element = !open_kind(list) && list->kind == TypeKind::list ? list->element : list;
        local(node.item) = element;
        const auto condition = infer(*node.condition);
        if (open_kind(condition)) return nullptr;
        if (condition->kind == TypeKind::number) return element;
        if (condition->kind == TypeKind::boolean) return Type::list_of(element);
        wrong(node.condition->span, fmt::format("a filter cannot be a {}", condition->to_string()),
              "a condition or a position");
        return nullptr;
    }

    TypePtr member_type(Span span, const Type& type, const std::string& name) {
        if (type.kind == TypeKind::context) {
            if (type.members.empty()) return nullptr;
            std::vector<std::string> known;
            for (const auto& [key, member] : type.members) {
                if (key == name) return member;
                known.push_back(key);
            }
            wrong(span, fmt::format("there is no entry `{}`", name), "", did_you_mean(name, known));
            return nullptr;
        }
        auto property = property_type(type.kind, name);
        if (!property) wrong(span, fmt::format("a {} has no `{}`", type.to_string(), name));
        if (type.kind == TypeKind::range && property && property->kind == TypeKind::any) return type.element;
        return property;
    }

    TypePtr visit(const Expr& at, const Path& node) {
        const auto object = infer(*node.object);
        if (open_kind(object)) return nullptr;
        if (object->kind != TypeKind::list) return member_type(at.span, *object, node.name);
        if (open_kind(object->element)) return Type::list_of(nullptr);
        return Type::list_of(member_type(at.span, *object->element, node.name));
    }

    TypePtr visit(const Expr&, const InstanceOf& node) {
        infer(*node.value);
        return of(TypeKind::boolean);
    }

    TypePtr visit(const Expr&, const ListExpr& node) {
        TypePtr element = node.items.empty() ? nullptr : infer(*node.items.front());
        for (std::size_t i = 1; i < node.items.size(); ++i) element = common_type(element, infer(*node.items[i]));
        return Type::list_of(element);
    }

    TypePtr visit(const Expr&, const ContextExpr& node) {
        Type out;
        out.kind = TypeKind::context;
        for (const auto& entry : node.entries) {
            auto type = infer(*entry.value);
            local(entry.local) = type;
            out.members.emplace_back(entry.name, std::move(type));
        }
        return std::make_shared<const Type>(std::move(out));
    }

    TypePtr visit(const Expr& at, const RangeExpr& node) {
        const auto start = node.start ? infer(*node.start) : nullptr, end = node.end ? infer(*node.end) : nullptr;
        if (node.form == RangeForm::interval) comparable(at.span, "..", start, end, true);
        return Type::range_of(open_kind(start) ? end : start);
    }

    TypePtr visit(const Expr&, const FunctionExpr& node) {
        const auto& definition = *node.definition;
        auto outer = std::exchange(locals_, {});
        for (const auto& capture : definition.captures)
            if (static_cast<std::size_t>(capture.outer) < outer.size())
                local(capture.inner) = outer[static_cast<std::size_t>(capture.outer)];
        Type out;
        out.kind = TypeKind::function;
        for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
            local(static_cast<int>(i)) = definition.parameters[i].type;
            out.members.emplace_back(definition.parameters[i].name,
                                     definition.parameters[i].type ? definition.parameters[i].type : of(TypeKind::any));
        }
        if (definition.body) out.result = infer(*definition.body);
        locals_ = std::move(outer);
        return std::make_shared<const Type>(std::move(out));
    }

    static bool takes(const TypePtr& wanted, const TypePtr& given) {
        if (open_kind(wanted) || open_kind(given) || wanted->kind == given->kind) return true;
        if (wanted->kind == TypeKind::list) return true;  // a value becomes a list of one
        if (given->kind == TypeKind::list) return open_kind(given->element) || takes(wanted, given->element);
        return wanted->kind == TypeKind::date_time && given->kind == TypeKind::date;
    }

    /// Position of the parameter an argument is for; nullopt when the overload does not have it.
    static std::optional<std::size_t> parameter_of(const BuiltinSet::Overload& overload, const Call& call,
                                                   std::size_t argument) {
        const auto& parameters = overload.row->parameters;
        if (call.argument_names.empty()) {
            if (argument < parameters.size()) return argument;
            return overload.variadic ? std::optional(parameters.size() - 1) : std::nullopt;
        }
        const auto& name = call.argument_names[argument];
        const auto it =
            std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == name; });
        if (it == parameters.end()) return std::nullopt;
        return static_cast<std::size_t>(it - parameters.begin());
    }

    static bool fits(const BuiltinSet::Overload& overload, const Call& call, const std::vector<TypePtr>& types) {
        if (call.arguments.size() < overload.required) return false;
        for (std::size_t i = 0; i < types.size(); ++i) {
            const auto p = parameter_of(overload, call, i);
            if (!p || !takes(overload.types[*p], types[i])) return false;
        }
        return true;
    }

    static std::string signature(const BuiltinSet::Overload& overload) {
        std::string out(overload.row->name);
        out += '(';
        for (const auto& p : overload.row->parameters) {
            if (out.back() != '(') out += ", ";
            out += fmt::format("{}: {}{}", p.name, p.type, p.variadic ? " …" : p.optional ? "?" : "");
        }
        return out + ')';
    }

    TypePtr builtin_call(const Expr& at, const Call& node, const std::vector<TypePtr>& types) {
        const BuiltinSet::Overload* chosen = nullptr;
        bool several = false;
        for (const auto& overload : node.overloads->overloads) {
            if (!fits(overload, node, types)) continue;
            several = several || (chosen != nullptr && overload.result->to_string() != chosen->result->to_string());
            if (chosen == nullptr) chosen = &overload;
        }
        if (chosen == nullptr) {
            std::string given, wanted;
            for (const auto& type : types) given += (given.empty() ? "" : ", ") + type->to_string();
            for (const auto& overload : node.overloads->overloads)
                wanted += (wanted.empty() ? "" : " or ") + signature(overload);
            wrong_call(at.span, fmt::format("`{}` does not take ({})", node.builtin, given), wanted);
            return nullptr;
        }
        if (several) return nullptr;
        return refined(*chosen, types);
    }

    /// Results that are what the first argument holds.
    static TypePtr refined(const BuiltinSet::Overload& overload, const std::vector<TypePtr>& types) {
        const auto name = overload.row->name;
        if (types.empty() || open_kind(types.front())) return overload.result;
        const auto& first = types.front();
        const auto element = first->kind == TypeKind::list ? first->element : first;
        if (name == "min" || name == "max") return element;
        if (name == "prior" || name == "cohort min" || name == "cohort max") return first;
        if (name == "over") return Type::list_of(first);
        constexpr std::string_view keeping[] = {"sublist", "remove", "reverse", "distinct values", "sort"};
        if (std::find(std::begin(keeping), std::end(keeping), name) != std::end(keeping)) return Type::list_of(element);
        return overload.result;
    }

    TypePtr visit(const Expr& at, const Call& node) {
        std::vector<TypePtr> types;
        for (const auto& argument : node.arguments) types.push_back(infer(*argument));
        if (node.overloads != nullptr) return builtin_call(at, node, types);
        const auto callee = infer(*node.callee);
        if (open_kind(callee)) return nullptr;
        if (callee->kind != TypeKind::function) {
            wrong(at.span, fmt::format("a {} cannot be called", callee->to_string()), "a function");
            return nullptr;
        }
        if (callee->members.size() != types.size() && node.argument_names.empty())
            wrong_call(at.span,
                       fmt::format("the function takes {} arguments, not {}", callee->members.size(), types.size()));
        for (std::size_t i = 0; i < std::min(types.size(), callee->members.size()) && node.argument_names.empty(); ++i)
            if (!takes(callee->members[i].second, types[i]))
                wrong_call(node.arguments[i]->span,
                           fmt::format("`{}` is a {}, not a {}", callee->members[i].first,
                                       callee->members[i].second->to_string(), types[i]->to_string()));
        return callee->result;
    }

    const Names& names_;
    const SourcePtr& source_;
    Diagnostics& diagnostics_;
    std::vector<TypePtr> locals_;
};

}  // namespace

TypePtr check(const Expr& expression, const Names& names, const SourcePtr& source, Diagnostics& diagnostics) {
    return Checker(names, source, diagnostics).infer(expression);
}

}  // namespace zoneval::feel
