#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/assess/rule_tests.hpp"
#include "src/command.hpp"

namespace zoneval::command {

void add_test(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "test", "Runs the tests that rule files bring along.",
                           "  zoneval test rules/hightech-zones-14fyp/pack.yaml");
    auto files = std::make_shared<std::vector<std::string>>();
    sub->add_option("rules", *files, "rule files")->required();
    sub->callback([&global, &action, files] {
        action = [&global, files] {
            Diagnostics found;
            std::size_t passed = 0, failed = 0;
            auto json = nlohmann::ordered_json::array();
            for (const auto& file : *files) {
                Diagnostics warnings;
                const auto graph = load_rules(file, warnings);
                for (const auto& result : assess::run_tests(*graph, found)) {
                    (result.passed ? passed : failed)++;
                    json.push_back({{"file", file}, {"name", result.test->name}, {"passed", result.passed}});
                    if (!global.json())
                        std::cout << fmt::format("{} {}\n", result.passed ? "ok    " : "FAILED", result.test->name);
                }
            }
            if (global.json())
                std::cout << json.dump(2) << '\n';
            else {
                report(found, global);
                std::cout << fmt::format("{} passed, {} failed\n", passed, failed);
            }
            return static_cast<int>(failed == 0 ? Exit::fine : Exit::findings);
        };
    });
}

}  // namespace zoneval::command
