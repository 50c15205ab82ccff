// Range functions (DMN 1.5 10.3.4.8, Table 78): a point is the range that holds only itself.
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

/// Both ends of a point or range. Open ends and ends that do not compare make every relation null.
struct Interval {
    Value start, end;
    bool start_included = true, end_included = true;

    explicit Interval(const Value& value) {
        if (const auto* r = value.range()) {
            start = r->start;
            end = r->end;
            start_included = r->start_included;
            end_included = r->end_included;
        } else {
            start = end = value;
        }
    }
};

using Order = std::strong_ordering;

/// The order of the ends of two ranges, or nothing if some do not compare.
struct Ends {
    Order start_start = Order::equal, start_end = Order::equal, end_start = Order::equal, end_end = Order::equal;
    static std::optional<Ends> of(const Interval& a, const Interval& b) {
        const auto ss = order(a.start, b.start), se = order(a.start, b.end);
        const auto es = order(a.end, b.start), ee = order(a.end, b.end);
        if (!ss || !se || !es || !ee) return std::nullopt;
        return Ends{*ss, *se, *es, *ee};
    }
};

using Relation = bool (*)(const Interval&, const Interval&, const Ends&);

bool before(const Interval& a, const Interval& b, const Ends& o) {
    return o.end_start < 0 || (o.end_start == 0 && !(a.end_included && b.start_included));
}
bool after(const Interval& a, const Interval& b, const Ends& o) {
    return o.start_end > 0 || (o.start_end == 0 && !(a.start_included && b.end_included));
}
bool meets(const Interval& a, const Interval& b, const Ends& o) {
    return o.end_start == 0 && a.end_included && b.start_included;
}
bool met_by(const Interval& a, const Interval& b, const Ends& o) {
    return o.start_end == 0 && a.start_included && b.end_included;
}
bool overlaps(const Interval& a, const Interval& b, const Ends& o) { return !before(a, b, o) && !after(a, b, o); }

/// a starts earlier: at a smaller value, or at the same value which b leaves out.
bool starts_earlier(const Interval& a, const Interval& b, const Ends& o) {
    return o.start_start < 0 || (o.start_start == 0 && a.start_included && !b.start_included);
}
bool ends_later(const Interval& a, const Interval& b, const Ends& o) {
    return o.end_end > 0 || (o.end_end == 0 && a.end_included && !b.end_included);
}
bool same_start(const Interval& a, const Interval& b, const Ends& o) {
    return o.start_start == 0 && a.start_included == b.start_included;
}
bool same_end(const Interval& a, const Interval& b, const Ends& o) {
    return o.end_end == 0 && a.end_included == b.end_included;
}
bool ends_earlier(const Interval& a, const Interval& b, const Ends& o) {
    return o.end_end < 0 || (o.end_end == 0 && !a.end_included && b.end_included);
}
bool starts_later(const Interval& a, const Interval& b, const Ends& o) {
    return o.start_start > 0 || (o.start_start == 0 && !a.start_included && b.start_included);
}

bool overlaps_before(const Interval& a, const Interval& b, const Ends& o) {
    return starts_earlier(a, b, o) && overlaps(a, b, o) && !ends_later(a, b, o);
}
bool overlaps_after(const Interval& a, const Interval& b, const Ends& o) {
    return starts_later(a, b, o) && overlaps(a, b, o) && !ends_earlier(a, b, o);
}
bool finishes(const Interval& a, const Interval& b, const Ends& o) {
    return same_end(a, b, o) && !starts_earlier(a, b, o);
}
bool starts(const Interval& a, const Interval& b, const Ends& o) { return same_start(a, b, o) && !ends_later(a, b, o); }
bool during(const Interval& a, const Interval& b, const Ends& o) {
    return !starts_earlier(a, b, o) && !ends_later(a, b, o);
}
bool coincides(const Interval& a, const Interval& b, const Ends& o) { return same_start(a, b, o) && same_end(a, b, o); }

Value related(const Value& first, const Value& second, const CallContext& c, Relation relation) {
    const Interval a(first), b(second);
    const auto ends = Ends::of(a, b);
    if (!ends) return c.fail(reasons::ends_do_not_compare());
    return relation(a, b, *ends);
}

template <Relation relation>
Value relate(Arguments a, const CallContext& c) {
    return related(a[0], a[1], c, relation);
}
/// finished by, includes and started by: the same relation the other way round.
template <Relation relation>
Value relate_reversed(Arguments a, const CallContext& c) {
    return related(a[1], a[0], c, relation);
}

}  // namespace

std::vector<Builtin> range_builtins() {
    const char* const category = "range";
    const char* const clause = "10.3.4.8";
    const std::vector<Parameter> points{{"point1", "Any"}, {"point2", "Any"}};
    const std::vector<Parameter> point_range{{"point", "Any"}, {"range", "range<Any>"}};
    const std::vector<Parameter> range_point{{"range", "range<Any>"}, {"point", "Any"}};
    const std::vector<Parameter> ranges{{"range1", "range<Any>"}, {"range2", "range<Any>"}};
    return {
        {"before", ranges, "boolean", category, clause, "the first range ends before the second starts",
         "before([1..5), [5..10])", "true", relate<before>},
        {"before", point_range, "boolean", category, clause, "the point lies before the range", "before(1, (1..10])",
         "true", relate<before>},
        {"before", range_point, "boolean", category, clause, "the range ends before the point", "before([1..10], 15)",
         "true", relate<before>},
        {"before", points, "boolean", category, clause, "the first point lies before the second", "before(1, 10)",
         "true", relate<before>},
        {"after", ranges, "boolean", category, clause, "the first range starts after the second ends",
         "after([11..20], [1..10])", "true", relate<after>},
        {"after", point_range, "boolean", category, clause, "the point lies after the range", "after(12, [1..10])",
         "true", relate<after>},
        {"after", range_point, "boolean", category, clause, "the range starts after the point", "after([11..20], 10)",
         "true", relate<after>},
        {"after", points, "boolean", category, clause, "the first point lies after the second", "after(10, 5)", "true",
         relate<after>},
        {"meets", ranges, "boolean", category, clause, "the first range ends where the second starts",
         "meets([1..5], [5..10])", "true", relate<meets>},
        {"met by", ranges, "boolean", category, clause, "the first range starts where the second ends",
         "met by([5..10], [1..5])", "true", relate<met_by>},
        {"overlaps", ranges, "boolean", category, clause, "the ranges have something in common",
         "overlaps([1..5], [3..8])", "true", relate<overlaps>},
        {"overlaps before", ranges, "boolean", category, clause, "the ranges overlap and the first starts first",
         "overlaps before([1..5], [3..8])", "true", relate<overlaps_before>},
        {"overlaps after", ranges, "boolean", category, clause, "the ranges overlap and the first ends last",
         "overlaps after([3..8], [1..5])", "true", relate<overlaps_after>},
        {"finishes", ranges, "boolean", category, clause, "the first range is the last part of the second",
         "finishes([5..10], [1..10])", "true", relate<finishes>},
        {"finishes", point_range, "boolean", category, clause, "the point is the end of the range",
         "finishes(10, [1..10])", "true", relate<finishes>},
        {"finished by", ranges, "boolean", category, clause, "the second range is the last part of the first",
         "finished by([1..10], [5..10])", "true", relate_reversed<finishes>},
        {"finished by", range_point, "boolean", category, clause, "the range ends with the point",
         "finished by([1..10], 10)", "true", relate_reversed<finishes>},
        {"includes", ranges, "boolean", category, clause, "the second range lies inside the first",
         "includes([1..10], [4..6])", "true", relate_reversed<during>},
        {"includes", range_point, "boolean", category, clause, "the point lies inside the range",
         "includes([1..10], 5)", "true", relate_reversed<during>},
        {"during", ranges, "boolean", category, clause, "the first range lies inside the second",
         "during([4..6], [1..10])", "true", relate<during>},
        {"during", point_range, "boolean", category, clause, "the point lies inside the range", "during(5, [1..10])",
         "true", relate<during>},
        {"starts", ranges, "boolean", category, clause, "the first range is the first part of the second",
         "starts([1..5], [1..10])", "true", relate<starts>},
        {"starts", point_range, "boolean", category, clause, "the point is the start of the range",
         "starts(1, [1..10])", "true", relate<starts>},
        {"started by", ranges, "boolean", category, clause, "the second range is the first part of the first",
         "started by([1..10], [1..5])", "true", relate_reversed<starts>},
        {"started by", range_point, "boolean", category, clause, "the range starts with the point",
         "started by([1..10], 1)", "true", relate_reversed<starts>},
        {"coincides", ranges, "boolean", category, clause, "both ranges are the same", "coincides([1..5], [1..5])",
         "true", relate<coincides>},
        {"coincides", points, "boolean", category, clause, "both points are the same", "coincides(5, 5)", "true",
         relate<coincides>},
    };
}

}  // namespace zoneval::feel
