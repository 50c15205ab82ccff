#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/feel/builtins/builtins.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

std::string signature(const feel::Builtin& b) {
    std::string out = std::string(b.name) + "(";
    for (std::size_t i = 0; i < b.parameters.size(); ++i) {
        const auto& p = b.parameters[i];
        if (i > 0) out += ", ";
        out += fmt::format("{}: {}{}", p.name, p.type, p.optional ? "?" : "");
        if (p.variadic) out += ", …";
    }
    return out + ") → " + std::string(b.result);
}

int run(const std::string& name, const Global& global) {
    auto json = nlohmann::ordered_json::array();
    std::string text, category;
    std::vector<std::string> names;
    for (const auto& b : feel::builtins()) {
        names.emplace_back(b.name);
        if (!name.empty() && b.name != name) continue;
        json.push_back({{"name", b.name},
                        {"signature", signature(b)},
                        {"category", b.category},
                        {"clause", b.clause},
                        {"doc", b.doc},
                        {"example", b.example},
                        {"result", b.example_result}});
        if (b.category != category && name.empty())
            text += fmt::format("{}{}\n", text.empty() ? "" : "\n", category = b.category);
        text += fmt::format("  {}\n      {} [{}]\n", signature(b), b.doc, b.clause);
        if (!b.example.empty()) text += fmt::format("      {} = {}\n", b.example, b.example_result);
    }
    if (json.empty())
        throw InputError(Diagnostic{Kind::unknown_function,
                                    fmt::format("there is no function `{}`", name),
                                    {},
                                    "a name from `zoneval functions`",
                                    did_you_mean(name, names)});
    std::cout << (global.json() ? json.dump(2) + "\n" : text);
    return Exit::fine;
}

}  // namespace

void add_functions(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "functions", "Lists the functions expressions may use, or describes one.",
                           "  zoneval functions\n  zoneval functions \"percent rank\"");
    auto name = std::make_shared<std::string>();
    sub->add_option("name", *name, "a function");
    sub->callback([&global, &action, name] { action = [&global, name] { return run(*name, global); }; });
}

}  // namespace zoneval::command
