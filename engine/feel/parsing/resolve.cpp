// Resolution rules, innermost first:
//   a local of for, some, every, function, context or `in`  ->  Name::local, an index among the locals of the
//     enclosing function (or of the whole expression); a local of an outer function is captured into one;
//   a name of the frame                                      ->  Name::slot;
//   inside a filter, an entry of the item may shadow either  ->  Name::items lists the filters' items;
//   a builtin used as a value                                ->  a literal function.
#include "engine/feel/parsing/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/parsing/slips.hpp"
#include "engine/feel/syntax/decision_table.hpp"

namespace zoneval::feel {

namespace {

struct Local {
    std::string name;
    int index = -1;
    bool item = false;  ///< a filter's item, whose entries are names too
};

/// One function body, or the expression itself.
struct Activation {
    FunctionDefinition* definition = nullptr;
    std::vector<Local> locals;
    int next = 0;
};

class Resolver {
  public:
    Resolver(const Names& names, const SourcePtr& source, Diagnostics& diagnostics)
        : names_(names), source_(source), diagnostics_(diagnostics) {
        activations_.emplace_back();
    }

    void run(ExprPtr& child) { run(*child); }

    void run(Expr& expression) {
        std::visit([&](auto& node) { visit(expression, node); }, expression.node);
    }

  private:
    Activation& here() { return activations_.back(); }

    int declare(const std::string& name, bool item = false) {
        const auto index = here().next++;
        here().locals.push_back({name, index, item});
        return index;
    }
    std::size_t open() { return here().locals.size(); }
    void close(std::size_t mark) { here().locals.resize(mark); }

    /// Makes a local of an outer activation available in all activations inside it; returns its index here.
    int capture(std::size_t outer_level, int index) {
        for (auto level = outer_level + 1; level < activations_.size(); ++level) {
            auto& captures = activations_[level].definition->captures;
            const auto known =
                std::find_if(captures.begin(), captures.end(), [&](const auto& c) { return c.outer == index; });
            if (known == captures.end()) {
                captures.push_back({index, activations_[level].next++});
                index = captures.back().inner;
            } else {
                index = known->inner;
            }
        }
        return index;
    }

    /// Fills local, items; true if a local was found.
    bool find_local(Name& name) {
        for (auto level = activations_.size(); level-- > 0;) {
            const auto& locals = activations_[level].locals;
            for (auto it = locals.rbegin(); it != locals.rend(); ++it) {
                if (it->item) name.items.push_back(capture(level, it->index));
                if (it->name != name.name) continue;
                name.local = capture(level, it->index);
                return true;
            }
        }
        return false;
    }

    void visit(Expr& expression, Name& name) {
        if (name.slot >= 0) return;  // already bound by the host
        name.items.clear();
        if (find_local(name)) {
            mentions_input_ = mentions_input_ || name.name == "?";
            return;
        }
        name.slot = names_.find(name.name);
        if (name.slot >= 0) {
            mentions_input_ = mentions_input_ || name.name == "?";
            return;
        }
        if (const auto* set = builtin_set(name.name)) {
            const auto items = name.items;
            if (items.empty()) expression.node = Literal{builtin_as_value(*set)};
            return;
        }
        if (name.items.empty())
            diagnostics_.add(Kind::unknown_name, *source_, expression.span,
                             fmt::format("nothing here is called `{}`", name.name), "",
                             hint(did_you_mean(name.name, candidates()), slip_of_name(name.name)));
    }

    static std::string hint(std::string first, std::string second) {
        return first.empty() ? std::move(second) : std::move(first);
    }

    std::vector<std::string> candidates() const {
        std::vector<std::string> out;
        for (const auto& activation : activations_)
            for (const auto& local : activation.locals) out.push_back(local.name);
        for (const auto& entry : names_.entries) out.push_back(entry.name);
        return out;
    }

    void visit(Expr&, Literal&) {}

    /// What stands in the brackets is read by records of another kind: nothing of this one is known there.
    void visit_over_kind(Call& call, const Names::OverKind& function) {
        for (auto& argument : call.arguments) Resolver(*function.inside, source_, diagnostics_).run(argument);
    }

    void visit(Expr& expression, Call& call) {
        if (const auto* callee = call.callee ? call.callee->as<Name>() : nullptr)
            if (const auto* function = names_.over_kind(callee->name)) return visit_over_kind(call, *function);
        for (auto& argument : call.arguments) run(argument);
        if (!call.callee) return;
        const auto* name = call.callee->as<Name>();
        if (name == nullptr) return run(call.callee);
        if (const auto* set = builtin_set(name->name); set != nullptr && !names_a_function(name->name)) {
            call.builtin = set->name;
            call.overloads = set;
            call.callee.reset();
            check_argument_names(expression, call, *set);
            return;
        }
        Name probe = *name;
        if (!find_local(probe) && names_.find(probe.name) < 0 && probe.items.empty()) {
            auto all = candidates();
            all.insert(all.end(), builtin_names().begin(), builtin_names().end());
            diagnostics_.add(Kind::unknown_function, *source_, call.callee->span,
                             fmt::format("there is no function `{}`", name->name), "",
                             hint(slip_of_function(name->name), did_you_mean(name->name, all)));
            return;
        }
        run(call.callee);
    }

    /// A name of one's own hides a builtin only if it can be a function.
    bool names_a_function(const std::string& name) {
        Name probe{name, -1, -1, {}};
        if (find_local(probe)) return true;
        const auto slot = names_.find(name);
        if (slot < 0) return false;
        const auto& type = names_.entries[static_cast<std::size_t>(slot)].type;
        return type && type->kind == Type::Kind::function;
    }

    void check_argument_names(const Expr& expression, const Call& call, const BuiltinSet& set) {
        for (const auto& name : call.argument_names) {
            std::vector<std::string> known;
            for (const auto& overload : set.overloads)
                for (const auto& parameter : overload.row->parameters) known.emplace_back(parameter.name);
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            diagnostics_.add(Kind::wrong_arguments, *source_, expression.span,
                             fmt::format("`{}` has no parameter `{}`", set.name, name), "", did_you_mean(name, known));
        }
    }

    /// Tests see the tested value as `?`.
    void run_tests(std::vector<Test>& tests) {
        for (auto& test : tests) {
            const bool outer = std::exchange(mentions_input_, false);
            run(test.expression);
            test.mentions_input = mentions_input_;
            mentions_input_ = outer;
        }
    }

    void visit(Expr&, In& node) {
        run(node.value);
        const auto mark = open();
        node.input = declare("?");
        run_tests(node.tests);
        close(mark);
    }

    void visit(Expr&, UnaryTests& node) {
        const bool outer = std::exchange(mentions_input_, false);
        run(node.input);
        run_tests(node.tests);
        mentions_input_ = outer;
    }

    /// Its tests see the tested value as `?`; its expressions do not.
    void visit(Expr&, TableExpr& node) {
        auto& table = *node.table;
        const auto run_if = [&](ExprPtr& child) {
            if (child) run(child);
        };
        for (auto& input : table.inputs) run(input.expression);
        for (auto& output : table.outputs) run_if(output.default_value);
        for (auto& rule : table.rules)
            for (auto& output : rule.outputs) run(output);
        const auto mark = open();
        node.input = declare("?");
        for (auto& input : table.inputs) run_if(input.allowed);
        for (auto& output : table.outputs) run_if(output.allowed);
        for (auto& rule : table.rules)
            for (auto& test : rule.tests) run(test);
        close(mark);
    }

    void declare_iterators(std::vector<Iterator>& iterators) {
        for (auto& iterator : iterators) {
            run(iterator.in);
            if (iterator.to) run(iterator.to);
            iterator.local = declare(iterator.name);
        }
    }

    void visit(Expr&, For& node) {
        const auto mark = open();
        declare_iterators(node.iterators);
        node.partial = declare("partial");
        run(node.body);
        node.uses_partial = mentions_local(*node.body, node.partial);
        close(mark);
    }

    /// Also true when a function inside captures the local.
    static bool mentions_local(const Expr& expression, int local) {
        bool found = false;
        if (const auto* name = expression.as<Name>()) return name->local == local;
        if (const auto* function = expression.as<FunctionExpr>()) {
            const auto& captures = function->definition->captures;
            return std::any_of(captures.begin(), captures.end(), [&](const auto& c) { return c.outer == local; });
        }
        for_each_child(expression, [&](const Expr& child) { found = found || mentions_local(child, local); });
        return found;
    }

    void visit(Expr&, Quantified& node) {
        const auto mark = open();
        declare_iterators(node.iterators);
        run(node.body);
        close(mark);
    }

    void visit(Expr&, Filter& node) {
        run(node.list);
        const auto mark = open();
        node.item = declare("item", true);
        run(node.condition);
        close(mark);
    }

    void visit(Expr&, ContextExpr& node) {
        const auto mark = open();
        for (auto& entry : node.entries) {
            if (auto* function = entry.value->as<FunctionExpr>())
                visit_function(*function, entry.name);
            else
                run(entry.value);
            entry.local = declare(entry.name);
        }
        close(mark);
    }

    void visit(Expr&, FunctionExpr& node) { visit_function(node, ""); }

    /// `own_name` lets the entry of a context call itself.
    void visit_function(FunctionExpr& node, const std::string& own_name) {
        auto& definition = *node.definition;
        if (!definition.body) return;
        definition.captures.clear();
        Activation activation;
        activation.definition = &definition;
        activations_.push_back(std::move(activation));
        for (const auto& parameter : definition.parameters) declare(parameter.name);
        if (!own_name.empty()) {
            definition.self = here().next++;
            here().locals.insert(here().locals.begin(), {own_name, definition.self, false});
        }
        run(definition.body);
        definition.locals = here().next;
        activations_.pop_back();
    }

    template <class N>
    void visit(Expr& expression, N&) {
        for_each_child(expression, [&](ExprPtr& child) { run(*child); });
    }

    const Names& names_;
    const SourcePtr& source_;
    Diagnostics& diagnostics_;
    std::vector<Activation> activations_;
    bool mentions_input_ = false;
};

}  // namespace

void resolve(Expr& expression, const Names& names, const SourcePtr& source, Diagnostics& diagnostics) {
    Resolver(names, source, diagnostics).run(expression);
}

}  // namespace zoneval::feel
