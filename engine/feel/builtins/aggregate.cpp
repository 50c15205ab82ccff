// Aggregates over lists (DMN 1.5 10.3.4.4): each takes a list or its elements as arguments.
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

/// Numbers of the list, or a failure that names what else is in it.
struct Numbers {
    std::vector<Decimal> values;
    Value failure;
    bool failed = false;

    Numbers(Arguments a, const CallContext& c, std::string_view name) {
        std::vector<CausePtr> causes;
        values.reserve(items(a).size());
        for (const auto& item : items(a)) {
            if (const auto* n = item.number()) {
                values.push_back(*n);
                continue;
            }
            failed = true;
            if (item.cause()) causes.push_back(item.cause());
            failure = c.fail(item.is_null() ? reasons::meets_null(std::string(name))
                                            : reasons::needs_numbers(std::string(name), item.kind()));
        }
        if (failed && !causes.empty()) failure = c.fail(reasons::meets_missing(std::string(name)), std::move(causes));
    }
};

Decimal total(const std::vector<Decimal>& values) {
    Decimal out;
    for (const auto& v : values) out = out + v;
    return out;
}

Value empty(const CallContext& c, std::string_view name) { return c.fail(reasons::of_empty_list(std::string(name))); }

/// min and max: any one ordered type. Under unknown meaning a missing element makes the result unknown.
Value extreme(Arguments a, const CallContext& c, bool least, std::string_view name) {
    const auto all = items(a);
    if (all.empty()) return empty(c, name);
    const Value* best = nullptr;
    std::vector<CausePtr> causes;
    bool null_seen = false;
    for (const auto& item : all) {
        if (item.is_null()) {
            null_seen = true;
            if (item.cause()) causes.push_back(item.cause());
            continue;
        }
        if (best == nullptr) {
            if (!order(item, item)) return c.fail(reasons::no_order(item.kind()));
            best = &item;
            continue;
        }
        const auto o = order(item, *best);
        if (!o) return c.fail(reasons::function_cannot_compare(std::string(name), item.kind(), best->kind()));
        if (least ? *o < 0 : *o > 0) best = &item;
    }
    if (null_seen) return c.fail(reasons::meets_null(std::string(name)), std::move(causes));
    return *best;
}

Value minimum(Arguments a, const CallContext& c) { return extreme(a, c, true, "min"); }
Value maximum(Arguments a, const CallContext& c) { return extreme(a, c, false, "max"); }

Value sum(Arguments a, const CallContext& c) {
    const Numbers n(a, c, "sum");
    if (n.failed) return n.failure;
    return n.values.empty() ? empty(c, "sum") : number_or_fail(total(n.values), c);
}

Value product(Arguments a, const CallContext& c) {
    const Numbers n(a, c, "product");
    if (n.failed) return n.failure;
    if (n.values.empty()) return empty(c, "product");
    Decimal out(1);
    for (const auto& v : n.values) out = out * v;
    return number_or_fail(out, c);
}

Value mean(Arguments a, const CallContext& c) {
    const Numbers n(a, c, "mean");
    if (n.failed) return n.failure;
    if (n.values.empty()) return empty(c, "mean");
    return number_or_fail(total(n.values) / Decimal(static_cast<std::int64_t>(n.values.size())), c);
}

Value median(Arguments a, const CallContext& c) {
    Numbers n(a, c, "median");
    if (n.failed) return n.failure;
    auto& v = n.values;
    if (v.empty()) return empty(c, "median");
    std::sort(v.begin(), v.end());
    const auto middle = v.size() / 2;
    if (v.size() % 2 == 1) return v[middle];
    return number_or_fail((v[middle - 1] + v[middle]) / Decimal(2), c);
}

/// Sample standard deviation (n - 1).
Value stddev(Arguments a, const CallContext& c) {
    const Numbers n(a, c, "stddev");
    if (n.failed) return n.failure;
    const auto count = static_cast<std::int64_t>(n.values.size());
    if (count < 2) return c.fail(reasons::stddev_needs_two());
    const auto average = total(n.values) / Decimal(count);
    Decimal squares;
    for (const auto& v : n.values) squares = squares + (v - average) * (v - average);
    return number_or_fail((squares / Decimal(count - 1)).sqrt(), c);
}

Value mode(Arguments a, const CallContext& c) {
    Numbers n(a, c, "mode");
    if (n.failed) return n.failure;
    auto& v = n.values;
    std::sort(v.begin(), v.end());
    List out;
    std::ptrdiff_t most = 0;
    for (auto it = v.begin(); it != v.end();) {
        const auto end = std::find_if(it, v.end(), [&](Decimal d) { return d != *it; });
        if (end - it > most) out.clear();
        most = std::max(most, end - it);
        if (end - it == most) out.emplace_back(*it);
        it = end;
    }
    return out;
}

}  // namespace

std::vector<Builtin> aggregate_builtins() {
    const char* const category = "list";
    const char* const clause = "10.3.4.4";
    const std::vector<Parameter> list{{"list", "list<Any>"}}, each{{"list", "Any", false, true, true}};
    const std::vector<Parameter> numbers{{"list", "list<number>"}}, each_number{{"list", "number", false, true, true}};
    const Traits least{Kernel::least, true, UnitOf::all}, greatest{Kernel::greatest, true, UnitOf::all};
    const Traits total_of{.kernel = Kernel::sum, .unit = UnitOf::all},
        average{.kernel = Kernel::mean, .unit = UnitOf::all};
    const Traits multiplied{.kernel = Kernel::product}, middle{.kernel = Kernel::median, .unit = UnitOf::all};
    const Traits same_unit{.unit = UnitOf::all};
    return {
        {"min", list, "Any", category, clause, "the least element", "min([3, 1, 2])", "1", minimum, least},
        {"min", each, "Any", category, clause, "the least argument", R"(min("b", "a"))", R"("a")", minimum, least},
        {"max", list, "Any", category, clause, "the greatest element", "max([3, 1, 2])", "3", maximum, greatest},
        {"max", each, "Any", category, clause, "the greatest argument", R"(max("b", "a"))", R"("b")", maximum,
         greatest},
        {"sum", numbers, "number", category, clause, "the sum of the elements", "sum([1, 2, 3])", "6", sum, total_of},
        {"sum", each_number, "number", category, clause, "the sum of the arguments", "sum(1, 2, 3)", "6", sum,
         total_of},
        {"mean", numbers, "number", category, clause, "the average of the elements", "mean([1, 2, 3])", "2", mean,
         average},
        {"mean", each_number, "number", category, clause, "the average of the arguments", "mean(1, 2, 3)", "2", mean,
         average},
        {"product", numbers, "number", category, clause, "the product of the elements", "product([2, 3, 4])", "24",
         product, multiplied},
        {"product", each_number, "number", category, clause, "the product of the arguments", "product(2, 3, 4)", "24",
         product, multiplied},
        {"median", numbers, "number", category, clause, "the middle element", "median([8, 2, 5, 7])", "6", median,
         middle},
        {"median", each_number, "number", category, clause, "the middle argument", "median(8, 2, 5)", "5", median,
         middle},
        {"stddev", numbers, "number", category, clause, "the sample standard deviation", "stddev([2, 4, 6])", "2",
         stddev, same_unit},
        {"stddev", each_number, "number", category, clause, "the sample standard deviation", "stddev(2, 4, 6)", "2",
         stddev, same_unit},
        {"mode", numbers, "list<number>", category, clause, "the most frequent elements, ascending",
         "mode([6, 3, 9, 6, 3])", "[3, 6]", mode, same_unit},
        {"mode", each_number, "list<number>", category, clause, "the most frequent arguments, ascending",
         "mode(6, 3, 6)", "[6]", mode, same_unit},
    };
}

}  // namespace zoneval::feel
