#include "engine/feel/evaluation/eval.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/feel/conformance/tck.hpp"
#include "engine/feel/parsing/check.hpp"
#include "engine/wording/say.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

struct EvalOptions {
    std::string expression;
    std::vector<std::string> names;
    bool jsonl = false;
};

int run_jsonl() {
    std::ios::sync_with_stdio(false);
    std::string line;
    std::cin.exceptions(std::ios::badbit);  // memory that is not there is not the last line
    while (std::getline(std::cin, line)) std::cout << feel::run_case(line) << '\n';
    std::cout.flush();
    return Exit::fine;
}

/// `name=expression` pairs, each seeing those before it.
void bind(const std::vector<std::string>& pairs, feel::Names& names, std::vector<feel::Value>& frame) {
    for (const auto& pair : pairs) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos)
            throw CLI::ValidationError("--let", fmt::format("`{}` is not of the form name=expression", pair));
        Diagnostics found;
        const auto text = feel::ExpressionText::of(pair.substr(equals + 1), "--let " + pair.substr(0, equals));
        const auto expr = feel::parse_expression(text, names, found);
        if (!expr) throw InputError(std::move(found));
        auto value = feel::evaluate(*expr, frame, {feel::NullMeaning::feel, text.source});
        names.entries.push_back({pair.substr(0, equals), value.type()});
        frame.push_back(std::move(value));
    }
}

int run(const EvalOptions& options, const Global& global) {
    if (options.jsonl) return run_jsonl();
    if (options.expression.empty()) throw CLI::ValidationError("expression", "give an expression, or --jsonl");
    feel::Names names;
    std::vector<feel::Value> frame;
    bind(options.names, names, frame);
    Diagnostics found;
    const auto text = feel::ExpressionText::of(options.expression);
    const auto expr = feel::parse_expression(text, names, found);
    if (!expr) throw InputError(std::move(found));
    feel::check(*expr, names, text.source, found);
    const auto value = feel::evaluate(*expr, frame, {feel::NullMeaning::feel, text.source});
    const auto type = value.type()->to_string();
    const auto reasons = value.cause() ? wording::render(value.cause(), wording::Language::en) : "";
    if (global.json()) {
        std::cout << nlohmann::ordered_json{{"value", value.to_feel()}, {"type", type}, {"reasons", reasons}}.dump(2)
                  << '\n';
        return Exit::fine;
    }
    report(found, global);
    std::cout << value.to_feel() << "\ntype: " << type << '\n';
    if (!reasons.empty()) std::cout << "null because:\n" << reasons;
    return Exit::fine;
}

}  // namespace

void add_eval(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "eval", "Evaluates a FEEL expression: its value, its type, and why it is null.",
                           "  zoneval eval '0.1 + 0.2 = 0.3'\n"
                           "  zoneval eval --let '营业收入=73.2' --let '从业人员=2' '营业收入 / 从业人员 >= 36.6'\n"
                           "  zoneval eval --jsonl < cases.jsonl      # one case a line, one answer a line");
    auto o = std::make_shared<EvalOptions>();
    sub->add_option("expression", o->expression, "a FEEL expression");
    sub->add_option("--let", o->names, "name=expression, a value the expression may use (repeatable)")
        ->allow_extra_args(false);
    sub->add_flag("--jsonl", o->jsonl, "read one conformance case a line from standard input");
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
