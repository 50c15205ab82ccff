// Measures parsing and the reference evaluator on the expressions of a JSON file; prints JSON for run.mjs.
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"

using namespace zoneval;
using namespace zoneval::feel;
using Json = nlohmann::ordered_json;

namespace {

Value value_of(const Json& json) {
    if (json.is_string()) return json.get<std::string>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return Decimal::from_double(json.get<double>());
    List out;
    for (const auto& item : json) out.push_back(value_of(item));
    return out;
}

/// Nanoseconds per call, the best of five rounds of about 0.1 s each.
template <class F>
double nanoseconds(const F& work) {
    using Clock = std::chrono::steady_clock;
    std::size_t count = 1;
    const auto round = [&] {
        const auto began = Clock::now();
        for (std::size_t i = 0; i < count; ++i) work();
        return std::chrono::duration<double, std::nano>(Clock::now() - began).count();
    };
    while (round() < 5e7) count *= 2;
    double best = round();
    for (int i = 0; i < 4; ++i) best = std::min(best, round());
    return best / static_cast<double>(count);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    std::ifstream in(argv[1]);
    const auto file = Json::parse(in);
    Names names;
    std::vector<Value> frame;
    for (const auto& [name, value] : file.at("context").items()) {
        names.entries.push_back({name, nullptr});
        frame.push_back(value_of(value));
    }
    auto out = Json::array();
    for (const auto& item : file.at("expressions")) {
        const auto source = ExpressionText::of(item.get<std::string>());
        Diagnostics found;
        const auto tree = parse_expression(source, names, found);
        if (!tree) {
            std::cerr << render_text(found, false);
            return 1;
        }
        const EvalOptions options{NullMeaning::feel, source.source};
        const auto value = evaluate(*tree, frame, options);
        const auto evaluating = nanoseconds([&] { evaluate(*tree, frame, options); });
        const auto parsing = nanoseconds([&] { parse_expression(source, names, found); });
        out.push_back(
            {{"expression", source.text}, {"value", value.to_feel()}, {"evaluate", evaluating}, {"parse", parsing}});
    }
    std::cout << out.dump() << "\n";
}
