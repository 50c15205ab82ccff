// Any text: parsing ends, and what it accepts prints as text that reads back as the same tree.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/parsing/check.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/syntax/print.hpp"

using namespace zoneval;
using namespace zoneval::feel;

namespace {

const Names& names() {
    static const Names all{{{"a", nullptr},
                            {"GDP", Type::of(Type::Kind::number)},
                            {"R&D", Type::of(Type::Kind::number)},
                            {"营业 收入", Type::of(Type::Kind::string)},
                            {"list of-things", Type::list_of(nullptr)},
                            {"?", nullptr}},
                           {}};
    return all;
}

using Parse = ExprPtr (*)(const ExpressionText&, const Names&, Diagnostics&);

void round_trip(const std::string& text, Parse parse) {
    Diagnostics found;
    const auto source = ExpressionText::of(text);
    const auto tree = parse(source, names(), found);
    if (!tree) {
        if (!found.has_errors()) std::abort();  // a refusal says why
        render_text(found, false);
        return;
    }
    const auto printed = to_feel(*tree);
    const auto again = parse(ExpressionText::of(printed), names(), found);
    if (!again || !same(*tree, *again)) {
        std::cerr << "printed as: " << printed << "\n" << render_text(found, false);
        std::abort();
    }
    check(*tree, names(), source.source, found);
    clone(*tree);
    slots_read(*tree);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    round_trip(text, parse_expression);
    round_trip(text, parse_unary_tests);
    return 0;
}
