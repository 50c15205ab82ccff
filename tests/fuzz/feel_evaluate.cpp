// Any expression over a frame of every kind of value: evaluation ends with a value or with a null that says why,
// under both meanings of null, and values survive being printed.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/feel/evaluation/cause_json.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/wording/say.hpp"

using namespace zoneval;
using namespace zoneval::feel;

namespace {

struct Frame {
    Names names;
    std::vector<Value> values;
    void add(const char* name, Value value) {
        names.entries.push_back({name, nullptr});
        values.push_back(std::move(value));
    }
    Frame() {
        add("n", Decimal(7));
        add("s", "高新区");
        add("d", Date{2024, 2, 29});
        add("l", List{1, 2, Value(), "x"});
        add("c", Context{{"x", 1}, {"y z", 2}});
        add("m", Value::missing(Missing::not_reported, reasons::missing_value("m")));
        add("i", Value::missing(Missing::not_applicable, reasons::missing_value("i")));
        add("?", Decimal(3));
    }
};

void run(const Expr& tree, const Frame& frame, const EvalOptions& options) {
    const auto value = evaluate(tree, frame.values, options);
    value.to_feel();
    value.type();
    for (const auto language : zoneval::wording::all_languages) zoneval::wording::render(value.cause(), language);
    const auto facts = to_json(value.cause());
    if (value.cause() && to_json(cause_from_json(facts)) != facts) std::abort();
    leaves(value.cause());
    if (!identical(value, value)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Frame frame;
    const auto source = ExpressionText::of(std::string(reinterpret_cast<const char*>(data), size));
    Diagnostics found;
    for (const auto parse : {parse_expression, parse_unary_tests}) {
        const auto tree = parse(source, frame.names, found);
        if (!tree) continue;
        run(*tree, frame, {NullMeaning::feel, source.source});
        run(*tree, frame, {NullMeaning::unknown, source.source});
    }
    return 0;
}
