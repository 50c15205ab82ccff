#include "engine/feel/syntax/print.hpp"

#include "engine/feel/syntax/decision_table.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

/// How tightly a construct holds together; a child looser than its place needs parentheses.
enum class Level { open, disjunction, conjunction, comparison, sum, product, power, negation, instance, postfix, atom };

Level level(BinaryOp op) {
    switch (op) {
        case BinaryOp::or_: return Level::disjunction;
        case BinaryOp::and_: return Level::conjunction;
        case BinaryOp::add:
        case BinaryOp::subtract: return Level::sum;
        case BinaryOp::multiply:
        case BinaryOp::divide: return Level::product;
        case BinaryOp::power: return Level::power;
        default: return Level::comparison;
    }
}

class Printer {
  public:
    std::string text;

    void print(const Expr& expression, Level place) {
        const bool wrap = level_of(expression) < place;
        if (wrap) text += "(";
        std::visit([&](const auto& node) { write(node); }, expression.node);
        if (wrap) text += ")";
    }

  private:
    static Level level_of(const Expr& expression) {
        if (const auto* literal = expression.as<Literal>()) {
            const auto* number = literal->value.number();
            return number != nullptr && number->to_string().front() == '-' ? Level::negation : Level::atom;
        }
        if (const auto* binary = expression.as<Binary>()) return level(binary->op);
        if (expression.as<Negate>() != nullptr) return Level::negation;
        if (expression.as<Between>() != nullptr || expression.as<In>() != nullptr) return Level::comparison;
        if (expression.as<InstanceOf>() != nullptr) return Level::instance;
        if (expression.as<Filter>() != nullptr || expression.as<Path>() != nullptr || expression.as<Call>() != nullptr)
            return Level::postfix;
        // Reaching to the right as far as they can, these would swallow what follows.
        if (expression.as<If>() != nullptr || expression.as<For>() != nullptr ||
            expression.as<Quantified>() != nullptr || expression.as<FunctionExpr>() != nullptr)
            return Level::open;
        return Level::atom;
    }

    void list(const std::vector<ExprPtr>& items) {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) text += ", ";
            print(*items[i], Level::open);
        }
    }

    void key(const std::string& name) { text += is_name(name) ? name : quoted(name); }

    void write(const Literal& node) { text += node.value.to_feel(); }
    void write(const Name& node) { text += node.name; }
    void write(const Negate& node) {
        text += "-";
        const auto* literal = node.operand->as<Literal>();
        // -(5) would read back as the literal -5.
        const bool wrap = literal != nullptr && literal->value.number() != nullptr;
        print(*node.operand, wrap ? Level::postfix : Level::negation);
    }
    void write(const Binary& node) {
        const auto own = level(node.op);
        // All operators group to the left (rule 4), so an equal on the right needs parentheses.
        print(*node.left, own);
        text += ' ';
        text += spelling(node.op);
        text += ' ';
        print(*node.right, static_cast<Level>(static_cast<int>(own) + 1));
    }
    void write(const If& node) {
        text += "if ";
        print(*node.condition, Level::open);
        text += " then ";
        print(*node.then, Level::open);
        text += " else ";
        print(*node.otherwise, Level::open);
    }
    void write(const Between& node) {
        print(*node.value, Level::comparison);
        text += " between ";
        print(*node.low, Level::sum);
        text += " and ";
        print(*node.high, Level::sum);
    }
    void test(const Test& test, Level place) {
        const auto* range = test.expression->as<RangeExpr>();
        if (range != nullptr && range->form != RangeForm::interval)
            one_sided(*range);
        else
            print(*test.expression, place);
    }
    void tests(const std::vector<Test>& all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i > 0) text += ", ";
            test(all[i], Level::open);
        }
    }
    void write(const In& node) {
        print(*node.value, Level::comparison);
        text += " in ";
        const bool single = node.tests.size() == 1 && level_of(*node.tests.front().expression) >= Level::sum;
        if (single) return test(node.tests.front(), Level::sum);
        text += "(";
        tests(node.tests);
        text += ")";
    }
    void iterators(const std::vector<Iterator>& all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            text += i > 0 ? ", " : " ";
            text += all[i].name + " in ";
            print(*all[i].in, Level::open);
            if (!all[i].to) continue;
            text += "..";
            print(*all[i].to, Level::open);
        }
    }
    void write(const For& node) {
        text += "for";
        iterators(node.iterators);
        text += " return ";
        print(*node.body, Level::open);
    }
    void write(const Quantified& node) {
        text += node.every ? "every" : "some";
        iterators(node.iterators);
        text += " satisfies ";
        print(*node.body, Level::open);
    }
    void write(const Filter& node) {
        print(*node.list, Level::postfix);
        text += "[";
        print(*node.condition, Level::open);
        text += "]";
    }
    void write(const Path& node) {
        print(*node.object, Level::postfix);
        text += "." + node.name;
    }
    void write(const InstanceOf& node) {
        print(*node.value, Level::instance);
        text += " instance of " + node.type->to_string();
    }
    void write(const ListExpr& node) {
        text += "[";
        list(node.items);
        text += "]";
    }
    void write(const ContextExpr& node) {
        text += "{";
        for (std::size_t i = 0; i < node.entries.size(); ++i) {
            if (i > 0) text += ", ";
            key(node.entries[i].name);
            text += ": ";
            print(*node.entries[i].value, Level::open);
        }
        text += "}";
    }
    void one_sided(const RangeExpr& node) {
        switch (node.form) {
            case RangeForm::less: text += "< "; break;
            case RangeForm::less_equal: text += "<= "; break;
            case RangeForm::greater: text += "> "; break;
            case RangeForm::greater_equal: text += ">= "; break;
            case RangeForm::equal: text += "= "; break;
            case RangeForm::not_equal: text += "!= "; break;
            case RangeForm::interval: break;
        }
        print(node.start ? *node.start : *node.end, Level::sum);
    }
    void write(const RangeExpr& node) {
        if (node.form != RangeForm::interval) {
            text += "(";
            one_sided(node);
            text += ")";
            return;
        }
        text += node.start_included ? "[" : "(";
        print(*node.start, Level::sum);
        text += "..";
        print(*node.end, Level::sum);
        text += node.end_included ? "]" : ")";
    }
    void write(const FunctionExpr& node) {
        text += "function(";
        const auto& parameters = node.definition->parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (i > 0) text += ", ";
            text += parameters[i].name;
            if (parameters[i].type) text += ": " + parameters[i].type->to_string();
        }
        text += ") ";
        if (node.definition->body)
            print(*node.definition->body, Level::open);
        else
            text += "external {}";
    }
    void write(const Call& node) {
        if (node.callee)
            print(*node.callee, Level::postfix);
        else
            text += node.builtin;
        text += "(";
        for (std::size_t i = 0; i < node.arguments.size(); ++i) {
            if (i > 0) text += ", ";
            if (!node.argument_names.empty()) text += node.argument_names[i] + ": ";
            print(*node.arguments[i], Level::open);
        }
        text += ")";
    }
    /// FEEL has no words for a table; this names its parts for people, and does not read back.
    void write(const TableExpr& node) {
        const auto& table = *node.table;
        text += "decision table(";
        for (const auto& input : table.inputs) {
            if (&input != &table.inputs.front()) text += ", ";
            print(*input.expression, Level::open);
        }
        text += ": ";
        for (const auto& rule : table.rules) {
            if (&rule != &table.rules.front()) text += "; ";
            for (const auto& test : rule.tests) {
                if (&test != &rule.tests.front()) text += " | ";
                print(*test, Level::open);
            }
            text += " → ";
            list(rule.outputs);
        }
        for (const auto& output : table.outputs)
            if (output.default_value) text += "; otherwise ", print(*output.default_value, Level::open);
        text += ")";
    }
    void write(const UnaryTests& node) {
        if (node.any) {
            text += "-";
            return;
        }
        if (node.negated) text += "not(";
        tests(node.tests);
        if (node.negated) text += ")";
    }
};

}  // namespace

std::string to_feel(const Expr& expression) {
    Printer printer;
    printer.print(expression, Level::open);
    return std::move(printer.text);
}

}  // namespace zoneval::feel
