// Numeric functions (DMN 1.5 10.3.4.5).
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

/// The scales decimal128 allows (Table 77).
constexpr std::int64_t min_scale = -6111, max_scale = 6176;

template <Rounding mode>
Value round_to(Arguments a, const CallContext& c) {
    std::int64_t scale = 0;
    if (a.size() > 1) {
        if (a[1].is_null()) return c.fail(reasons::parameter_null("scale"));
        const auto wanted = integer(a[1]);
        if (!wanted || *wanted < min_scale || *wanted > max_scale)
            return c.fail(reasons::scale_limits(min_scale, max_scale));
        scale = *wanted;
    }
    return number_or_fail(a[0].number()->rounded(static_cast<int>(scale), mode), c);
}

Value absolute(Arguments a, const CallContext&) {
    if (const auto* n = a[0].number()) return n->abs();
    if (const auto* d = a[0].years_months()) return YearsMonthsDuration{d->months < 0 ? -d->months : d->months};
    const auto& d = *a[0].days_time();
    return d.seconds < 0 ? -d : d;
}

/// dividend - divisor * floor(dividend / divisor), so the sign is the divisor's.
Value modulo(Arguments a, const CallContext& c) {
    const auto dividend = *a[0].number(), divisor = *a[1].number();
    if (divisor.is_zero()) return c.fail(reasons::division_by_zero());
    return number_or_fail(dividend - divisor * (dividend / divisor).floor(), c);
}

Value square_root(Arguments a, const CallContext& c) {
    if (a[0].number()->is_negative()) return c.fail(reasons::root_of_negative());
    return a[0].number()->sqrt();
}

Value logarithm(Arguments a, const CallContext& c) {
    if (a[0].number()->is_negative() || a[0].number()->is_zero()) return c.fail(reasons::log_of_not_positive());
    return number_or_fail(a[0].number()->log(), c);
}

Value exponential(Arguments a, const CallContext& c) { return number_or_fail(a[0].number()->exp(), c); }

std::optional<bool> is_odd(Decimal n) {
    if (!n.is_integer()) return std::nullopt;
    return !(n - Decimal(2) * (n / Decimal(2)).floor()).is_zero();
}

Value odd(Arguments a, const CallContext&) { return is_odd(*a[0].number()).value_or(false); }
Value even(Arguments a, const CallContext&) { return is_odd(*a[0].number()) == false; }

}  // namespace

namespace {

Traits rounds(Rounding mode) { return {Kernel::round, true, UnitOf::first, mode}; }

}  // namespace

std::vector<Builtin> numeric_builtins() {
    const char* const category = "numeric";
    const char* const clause = "10.3.4.5";
    const std::vector<Parameter> scaled{{"n", "number"}, {"scale", "number"}};
    const std::vector<Parameter> one{{"n", "number"}};
    const std::vector<Parameter> plain{{"number", "number"}};
    const Traits magnitude{.kernel = Kernel::magnitude, .unit = UnitOf::first};
    return {
        {"decimal", scaled, "number", category, clause, "rounds to a number of decimals, ties to even",
         "decimal(2.5, 0)", "2", round_to<Rounding::half_even>, rounds(Rounding::half_even)},
        {"floor", one, "number", category, clause, "the largest whole number not above n", "floor(-1.5)", "-2",
         round_to<Rounding::floor>, rounds(Rounding::floor)},
        {"floor", scaled, "number", category, clause, "rounds towards minus infinity", "floor(-1.56, 1)", "-1.6",
         round_to<Rounding::floor>, rounds(Rounding::floor)},
        {"ceiling", one, "number", category, clause, "the smallest whole number not below n", "ceiling(1.5)", "2",
         round_to<Rounding::ceiling>, rounds(Rounding::ceiling)},
        {"ceiling", scaled, "number", category, clause, "rounds towards plus infinity", "ceiling(-1.56, 1)", "-1.5",
         round_to<Rounding::ceiling>, rounds(Rounding::ceiling)},
        {"round up", scaled, "number", category, clause, "rounds away from zero", "round up(-1.126, 2)", "-1.13",
         round_to<Rounding::up>, rounds(Rounding::up)},
        {"round down", scaled, "number", category, clause, "rounds towards zero", "round down(-1.126, 2)", "-1.12",
         round_to<Rounding::down>, rounds(Rounding::down)},
        {"round half up", scaled, "number", category, clause, "rounds to the nearest, ties away from zero",
         "round half up(2.5, 0)", "3", round_to<Rounding::half_up>, rounds(Rounding::half_up)},
        {"round half down", scaled, "number", category, clause, "rounds to the nearest, ties towards zero",
         "round half down(2.5, 0)", "2", round_to<Rounding::half_down>, rounds(Rounding::half_down)},
        {"abs", one, "number", category, clause, "the magnitude", "abs(-10)", "10", absolute, magnitude},
        {"abs",
         {{"n", "days and time duration"}},
         "days and time duration",
         category,
         clause,
         "the magnitude of a duration",
         R"(abs(@"-PT5H"))",
         R"(@"PT5H")",
         absolute,
         magnitude},
        {"abs",
         {{"n", "years and months duration"}},
         "years and months duration",
         category,
         clause,
         "the magnitude of a duration",
         R"(abs(@"-P1Y"))",
         R"(@"P1Y")",
         absolute,
         magnitude},
        {"modulo",
         {{"dividend", "number"}, {"divisor", "number"}},
         "number",
         category,
         clause,
         "the remainder with the sign of the divisor",
         "modulo(-12, 5)",
         "3",
         modulo,
         {.kernel = Kernel::remainder}},
        {"sqrt",
         plain,
         "number",
         category,
         clause,
         "the square root",
         "sqrt(16)",
         "4",
         square_root,
         {.kernel = Kernel::square_root}},
        {"log",
         plain,
         "number",
         category,
         clause,
         "the natural logarithm",
         "decimal(log(10), 8)",
         "2.30258509",
         logarithm,
         {.kernel = Kernel::logarithm}},
        {"exp",
         plain,
         "number",
         category,
         clause,
         "e raised to the number",
         "decimal(exp(5), 8)",
         "148.4131591",
         exponential,
         {.kernel = Kernel::exponential}},
        {"odd", plain, "boolean", category, clause, "true for an odd whole number", "odd(5)", "true", odd},
        {"even", plain, "boolean", category, clause, "true for an even whole number", "even(5)", "false", even},
    };
}

}  // namespace zoneval::feel
