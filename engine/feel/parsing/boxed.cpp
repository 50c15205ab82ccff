#include "engine/feel/parsing/boxed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/parsing/parse_part.hpp"
#include "engine/feel/syntax/decision_table.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

/// Collects the texts of a boxed expression.
struct Texts {
    std::vector<const ExpressionText*> all;

    void add(const ExpressionText& text) {
        if (text.source) all.push_back(&text);
    }
    void add(const BoxedPtr& boxed) {
        if (boxed) std::visit([&](const auto& form) { visit(form); }, boxed->form);
    }
    template <class E>
    void each(const std::vector<E>& entries) {
        for (const auto& entry : entries) add(entry.value);
    }

    void visit(const Boxed::Literal& form) { add(form.text); }
    void visit(const Boxed::Context& form) { each(form.entries), add(form.result); }
    void visit(const Boxed::List& form) {
        for (const auto& item : form.items) add(item);
    }
    void visit(const Boxed::Function& form) { add(form.body); }
    void visit(const Boxed::Invocation& form) { add(form.function), each(form.bindings); }
    void visit(const Boxed::Conditional& form) { add(form.condition), add(form.then), add(form.otherwise); }
    void visit(const Boxed::Filter& form) { add(form.list), add(form.match); }
    void visit(const Boxed::Iteration& form) { add(form.list), add(form.body); }
    void visit(const Boxed::Relation& form) {
        for (const auto& row : form.rows)
            for (const auto& cell : row) add(cell);
    }
    void visit(const Boxed::Table& form) {
        for (const auto& input : form.inputs) add(input.expression), add(input.allowed);
        for (const auto& output : form.outputs) add(output.allowed), add(output.default_value);
        for (const auto& rule : form.rules) {
            for (const auto& test : rule.tests) add(test);
            for (const auto& output : rule.outputs) add(output);
        }
    }
};

/// Builds the tree. Names are declared as the resolver will declare them, so that names of several words are read
/// whole.
class Lowering {
  public:
    Lowering(const SourcePtr& source, const Names& names, Diagnostics& diagnostics)
        : source_(source), names_(names), diagnostics_(diagnostics) {}

    ExprPtr lower(const Boxed& boxed) {
        return make_expr(boxed.span, std::visit([&](const auto& form) { return node(boxed, form); }, boxed.form));
    }
    bool failed() const { return failed_; }

  private:
    ExprPtr lower(const BoxedPtr& boxed) {
        if (const auto* literal = std::get_if<Boxed::Literal>(&boxed->form))
            return part(literal->text, PartKind::expression);
        return lower(*boxed);
    }

    /// What cannot be read is reported and stands as null, so that the other parts are looked at too.
    ExprPtr part(const ExpressionText& text, PartKind kind) {
        auto out = parse_part(text, names_, kind, scope_, diagnostics_);
        failed_ = failed_ || !out;
        return out ? std::move(out) : make_literal({}, Value());
    }
    ExprPtr optional_part(const ExpressionText& text, PartKind kind) {
        return text.source ? part(text, kind) : nullptr;
    }

    TypePtr type(const std::string& text, Span span) {
        if (text.empty()) return nullptr;
        auto out = Type::parse(text, names_.types);
        if (!out) {
            failed_ = true;
            diagnostics_.add(Kind::syntax_error, *source_, span, fmt::format("there is no type `{}`", text),
                             "a FEEL type such as `number`, `list<string>` or `context<a: number>`");
        }
        return out;
    }

    std::string declare(const Boxed::Declared& declared) {
        auto name = normalized_name(declared.name);
        scope_.names.push_back(name);
        return name;
    }
    std::size_t open() const { return scope_.names.size(); }
    void close(std::size_t mark) { scope_.names.resize(mark); }

    Expr::Node node(const Boxed&, const Boxed::Literal& form) {
        return std::move(part(form.text, PartKind::expression)->node);
    }

    void entry(ContextExpr& out, std::string name, const BoxedPtr& value) {
        // A function may call itself by the name of its entry.
        const bool recursive = std::holds_alternative<Boxed::Function>(value->form);
        if (recursive) scope_.names.push_back(name);
        auto expression = lower(value);
        if (!recursive) scope_.names.push_back(name);
        scope_.members.push_back(name);
        out.entries.push_back({std::move(name), std::move(expression), -1});
    }

    Expr::Node node(const Boxed& boxed, const Boxed::Context& form) {
        const auto mark = open();
        ContextExpr out;
        for (const auto& [name, value] : form.entries) entry(out, normalized_name(name.name), value);
        if (!form.result) {
            close(mark);
            return out;
        }
        std::string name = "result";
        while (std::any_of(out.entries.begin(), out.entries.end(), [&](const auto& e) { return e.name == name; }))
            name += " of context";
        out.entries.push_back({name, lower(form.result), -1});
        close(mark);
        return Path{make_expr(boxed.span, std::move(out)), std::move(name)};
    }

    Expr::Node node(const Boxed&, const Boxed::List& form) {
        ListExpr out;
        for (const auto& item : form.items) out.items.push_back(lower(item));
        return out;
    }

    Expr::Node node(const Boxed&, const Boxed::Function& form) {
        const auto mark = open();
        auto definition = std::make_shared<FunctionDefinition>();
        for (const auto& parameter : form.parameters) {
            auto declared = type(parameter.type, parameter.type_span);
            definition->parameters.push_back({declare(parameter), std::move(declared)});
        }
        definition->body = lower(form.body);
        close(mark);
        return FunctionExpr{std::move(definition)};
    }

    Expr::Node node(const Boxed&, const Boxed::Invocation& form) {
        Call out;
        out.callee = lower(form.function);
        for (const auto& [name, value] : form.bindings) {
            out.argument_names.push_back(normalized_name(name.name));
            out.arguments.push_back(lower(value));
        }
        return out;
    }

    Expr::Node node(const Boxed&, const Boxed::Conditional& form) {
        auto condition = lower(form.condition), then = lower(form.then), otherwise = lower(form.otherwise);
        return If{std::move(condition), std::move(then), std::move(otherwise)};
    }

    Expr::Node node(const Boxed&, const Boxed::Filter& form) {
        auto list = lower(form.list);
        const auto mark = open();
        scope_.names.emplace_back("item");
        ++scope_.filters;
        auto match = lower(form.match);
        --scope_.filters;
        close(mark);
        return Filter{std::move(list), std::move(match), -1};
    }

    Expr::Node node(const Boxed&, const Boxed::Iteration& form) {
        std::vector<Iterator> iterators(1);
        iterators.front().in = lower(form.list);
        const auto mark = open();
        iterators.front().name = declare(form.variable);
        if (form.kind == Boxed::Iteration::Kind::each) scope_.names.emplace_back("partial");
        auto body = lower(form.body);
        close(mark);
        if (form.kind == Boxed::Iteration::Kind::each) return For{std::move(iterators), std::move(body), -1, false};
        return Quantified{form.kind == Boxed::Iteration::Kind::every, std::move(iterators), std::move(body)};
    }

    /// A list of contexts, one for each row, in which a cell sees those before it (10.2.2.1).
    Expr::Node node(const Boxed& boxed, const Boxed::Relation& form) {
        ListExpr out;
        for (const auto& row : form.rows) {
            const auto mark = open();
            ContextExpr context;
            for (std::size_t i = 0; i < form.columns.size(); ++i)
                entry(context, normalized_name(form.columns[i].name), row[i]);
            close(mark);
            const auto& entries = context.entries;
            const Span span =
                entries.empty() ? boxed.span : Span{entries.front().value->span.begin, entries.back().value->span.end};
            out.items.push_back(make_expr(span, std::move(context)));
        }
        return out;
    }

    Expr::Node node(const Boxed&, const Boxed::Table& form) {
        auto table = std::make_shared<DecisionTable>();
        table->hit_policy = hit_policy_from_string(form.hit_policy).value_or(HitPolicy::unique);
        table->aggregator = aggregator_from_string(form.aggregator).value_or(Aggregator::none);
        for (const auto& input : form.inputs)
            table->inputs.push_back({part(input.expression, PartKind::expression), type(input.type, input.type_span),
                                     optional_part(input.allowed, PartKind::unary_tests)});
        for (const auto& output : form.outputs)
            table->outputs.push_back({normalized_name(output.name.name), type(output.name.type, output.name.type_span),
                                      optional_part(output.allowed, PartKind::unary_tests),
                                      optional_part(output.default_value, PartKind::expression)});
        for (const auto& rule : form.rules) {
            DecisionTable::Rule out;
            for (const auto& test : rule.tests) out.tests.push_back(part(test, PartKind::unary_tests));
            for (const auto& output : rule.outputs) out.outputs.push_back(part(output, PartKind::expression));
            table->rules.push_back(std::move(out));
        }
        return TableExpr{std::move(table), -1};
    }

    const SourcePtr& source_;
    const Names& names_;
    Diagnostics& diagnostics_;
    PartScope scope_;
    bool failed_ = false;
};

}  // namespace

ExpressionText boxed_text(SourcePtr source, BoxedPtr boxed) {
    Texts texts;
    texts.add(boxed);
    std::stable_sort(texts.all.begin(), texts.all.end(),
                     [](const auto* a, const auto* b) { return a->offsets.front() < b->offsets.front(); });
    ExpressionText out{std::move(source), "", {}, boxed};
    for (const auto* text : texts.all) {
        if (!out.offsets.empty()) out.text += '\n';  // its place is the end of the text before
        out.text += text->text;
        out.offsets.insert(out.offsets.end(), text->offsets.begin(), text->offsets.end());
    }
    if (out.offsets.empty()) out.offsets.push_back(boxed->span.begin);
    return out;
}

ExprPtr lower_boxed(const Boxed& boxed, const SourcePtr& source, const Names& names, Diagnostics& diagnostics) {
    Lowering lowering(source, names, diagnostics);
    auto out = lowering.lower(boxed);
    return lowering.failed() ? nullptr : std::move(out);
}

}  // namespace zoneval::feel
