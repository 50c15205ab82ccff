// List functions (DMN 1.5 10.3.4.4) and sort (10.3.4.9).
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

Value too_long(const CallContext& c) { return c.fail(reasons::list_too_long(limits::list_length)); }

/// Zero-based position of a one-based or negative position; nullopt outside the list.
std::optional<std::size_t> position(const Value& value, std::size_t size) {
    const auto p = integer(value);
    const auto n = static_cast<std::int64_t>(size);
    if (!p || *p == 0 || *p > n || *p < -n) return std::nullopt;
    return static_cast<std::size_t>(*p > 0 ? *p - 1 : n + *p);
}

Value outside(const CallContext& c, const Value& where, std::size_t size) {
    return c.fail(reasons::no_position(size, where));
}

Value list_contains(Arguments a, const CallContext& c) {
    std::vector<CausePtr> unknown;
    if (c.nulls() == NullMeaning::unknown && is_unknown(a[1]) && !a[0].list()->empty())
        return c.fail(reasons::argument_null("element", "list contains"), {a[1].cause()});
    for (const auto& element : *a[0].list()) {
        const auto same = c.equal(element, a[1]);
        if (same == true) return true;
        if (c.nulls() == NullMeaning::unknown && is_unknown(element)) unknown.push_back(element.cause());
    }
    if (!unknown.empty()) return c.fail(reasons::some_elements_unknown(), std::move(unknown));
    return false;
}

Value count(Arguments a, const CallContext&) { return static_cast<std::int64_t>(a[0].list()->size()); }

Value sublist(Arguments a, const CallContext& c) {
    const auto& list = *a[0].list();
    const auto start = position(a[1], list.size());
    if (!start) return outside(c, a[1], list.size());
    auto length = list.size() - *start;
    if (given(a, 2)) {
        const auto wanted = integer(a[2]);
        if (!wanted || *wanted < 0 || static_cast<std::size_t>(*wanted) > length)
            return c.fail(reasons::no_elements_from(a[2], a[1]));
        length = static_cast<std::size_t>(*wanted);
    }
    const auto first = list.begin() + static_cast<std::ptrdiff_t>(*start);
    return List(first, first + static_cast<std::ptrdiff_t>(length));
}

Value append(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    if (out.size() + a.size() > limits::list_length) return too_long(c);
    out.insert(out.end(), a.begin() + 1, a.end());
    return out;
}

Value concatenate(Arguments a, const CallContext& c) {
    List out;
    for (const auto& part : a) {
        if (part.is_null()) return c.fail(reasons::some_argument_null("concatenate"));
        if (out.size() + part.list()->size() > limits::list_length || !c.spend(part.list()->size())) return too_long(c);
        out.insert(out.end(), part.list()->begin(), part.list()->end());
    }
    return out;
}

Value insert_before(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    const auto at = position(a[1], out.size());
    if (!at) return outside(c, a[1], out.size());
    if (out.size() >= limits::list_length) return too_long(c);
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(*at), a[2]);
    return out;
}

Value remove(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    const auto at = position(a[1], out.size());
    if (!at) return outside(c, a[1], out.size());
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(*at));
    return out;
}

Value list_replace_at(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    const auto at = position(a[1], out.size());
    if (!at) return outside(c, a[1], out.size());
    out[*at] = a[2];
    return out;
}

Value list_replace_matching(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    for (auto& element : out) {
        const Value arguments[] = {element, a[2]};
        const auto matched = c.call(a[1], arguments);
        if (matched.boolean() == nullptr)
            return c.fail(reasons::must_give_truth("match"),
                          matched.cause() ? std::vector{matched.cause()} : std::vector<CausePtr>{});
        if (*matched.boolean()) element = a[2];
    }
    return out;
}

Value reverse(Arguments a, const CallContext&) { return List(a[0].list()->rbegin(), a[0].list()->rend()); }

bool same(const Value& a, const Value& b) { return equals(a, b) == true; }

Value index_of(Arguments a, const CallContext& c) {
    List out;
    const auto& list = *a[0].list();
    if (auto unknown = unknown_among(list, c); !unknown.empty())
        return c.fail(reasons::some_elements_unknown(), std::move(unknown));
    if (c.nulls() == NullMeaning::unknown && is_unknown(a[1]) && !list.empty())
        return c.fail(reasons::argument_unknown("match", "index of"), {a[1].cause()});
    for (std::size_t i = 0; i < list.size(); ++i)
        if (same(list[i], a[1])) out.emplace_back(static_cast<std::int64_t>(i + 1));
    return out;
}

/// The first of equal elements stays. False when comparing took too many steps.
bool keep_distinct(const List& from, List& out, const CallContext& c) {
    for (const auto& element : from) {
        if (!c.spend(out.size() + 1)) return false;
        const bool seen = std::any_of(out.begin(), out.end(), [&](const Value& v) { return same(v, element); });
        if (!seen) out.push_back(element);
    }
    return true;
}

/// An unknown element may or may not be equal to another.
std::optional<Value> repeats_unknown(const List& list, const CallContext& c) {
    auto unknown = list.size() < 2 ? std::vector<CausePtr>{} : unknown_among(list, c);
    if (unknown.empty()) return std::nullopt;
    return c.fail(reasons::some_elements_unknown(), std::move(unknown));
}

Value distinct_values(Arguments a, const CallContext& c) {
    List out;
    if (auto unknown = repeats_unknown(*a[0].list(), c)) return *unknown;
    return keep_distinct(*a[0].list(), out, c) ? Value(std::move(out)) : c.fail(reasons::too_many_to_compare());
}

Value union_of(Arguments a, const CallContext& c) {
    List out, all;
    for (const auto& part : a)
        if (part.list() != nullptr && c.nulls() == NullMeaning::unknown)
            all.insert(all.end(), part.list()->begin(), part.list()->end());
    if (auto unknown = repeats_unknown(all, c)) return *unknown;
    for (const auto& part : a) {
        if (part.is_null()) return c.fail(reasons::some_argument_null("union"));
        if (!keep_distinct(*part.list(), out, c)) return c.fail(reasons::too_many_to_compare());
    }
    return out;
}

Value flatten(Arguments a, const CallContext& c) {
    List out;
    std::vector<std::pair<const List*, std::size_t>> todo{{a[0].list(), 0}};
    while (!todo.empty()) {
        auto& [list, next] = todo.back();
        if (next == list->size()) {
            todo.pop_back();
            continue;
        }
        if (!c.spend(1) || out.size() >= limits::list_length) return too_long(c);
        const auto& element = (*list)[next++];
        if (element.list() != nullptr)
            todo.emplace_back(element.list(), 0);
        else
            out.push_back(element);
    }
    return out;
}

/// Merge sort by a user's function, which may contradict itself: std::sort must not see such a comparison.
class Sorter {
  public:
    Sorter(const Value& precedes, const CallContext& context) : precedes_(precedes), context_(context) {}
    Value failure;
    bool failed = false;

    void sort(List& list) {
        List buffer(list.size());
        for (std::size_t width = 1; width < list.size() && !failed; width *= 2)
            for (std::size_t low = 0; low + width < list.size() && !failed; low += 2 * width)
                merge(list, buffer, low, low + width, std::min(low + 2 * width, list.size()));
    }

  private:
    bool before(const Value& a, const Value& b) {
        const Value arguments[] = {a, b};
        const auto result = context_.call(precedes_, arguments);
        if (result.boolean() != nullptr) return *result.boolean();
        failed = true;
        failure = context_.fail(reasons::must_give_truth("precedes"),
                                result.cause() ? std::vector{result.cause()} : std::vector<CausePtr>{});
        return false;
    }

    void merge(List& list, List& buffer, std::size_t low, std::size_t middle, std::size_t high) {
        auto left = low, right = middle, out = low;
        while (left < middle && right < high && !failed)
            buffer[out++] = before(list[right], list[left]) ? list[right++] : list[left++];
        while (left < middle) buffer[out++] = list[left++];
        while (right < high) buffer[out++] = list[right++];
        std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(low), buffer.begin() + static_cast<std::ptrdiff_t>(high),
                  list.begin() + static_cast<std::ptrdiff_t>(low));
    }

    const Value& precedes_;
    const CallContext& context_;
};

Value sort_by(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    Sorter sorter(a[1], c);
    sorter.sort(out);
    return sorter.failed ? sorter.failure : Value(std::move(out));
}

Value sort_natural(Arguments a, const CallContext& c) {
    auto out = *a[0].list();
    for (std::size_t i = 1; i < out.size(); ++i)
        if (!order(out[0], out[i])) return c.fail(reasons::no_common_order());
    std::stable_sort(out.begin(), out.end(),
                     [](const Value& x, const Value& y) { return order(x, y) == std::strong_ordering::less; });
    return out;
}

}  // namespace

std::vector<Builtin> list_builtins() {
    const char* const category = "list";
    const char* const clause = "10.3.4.4";
    const Parameter list{"list", "list<Any>"};
    const Parameter item{"item", "Any", true, true, true}, lists{"list", "list<Any>", false, true};
    const Parameter at{"position", "number"}, new_item{"newItem", "Any", false, false, true};
    return {
        {"list contains",
         {list, {"element", "Any", false, false, true}},
         "boolean",
         category,
         clause,
         "true if the list has such an element",
         "list contains([1, 2, 3], 2)",
         "true",
         list_contains,
         {.kernel = Kernel::contains}},
        {"count",
         {list},
         "number",
         category,
         clause,
         "the number of elements",
         "count([1, 2, null])",
         "3",
         count,
         {.kernel = Kernel::count}},
        {"sublist",
         {list, {"start position", "number"}, {"length", "number", true}},
         "list<Any>",
         category,
         clause,
         "the elements from a position on",
         "sublist([4, 5, 6], 1, 2)",
         "[4, 5]",
         sublist},
        {"append",
         {list, item},
         "list<Any>",
         category,
         clause,
         "the list with elements added",
         "append([1], 2, 3)",
         "[1, 2, 3]",
         append},
        {"concatenate",
         {lists},
         "list<Any>",
         category,
         clause,
         "one list of several",
         "concatenate([1, 2], [3])",
         "[1, 2, 3]",
         concatenate},
        {"insert before",
         {list, at, new_item},
         "list<Any>",
         category,
         clause,
         "the list with an element put before a position",
         "insert before([1, 3], 2, 2)",
         "[1, 2, 3]",
         insert_before},
        {"remove",
         {list, at},
         "list<Any>",
         category,
         clause,
         "the list without the element at a position",
         "remove([1, 2, 3], 2)",
         "[1, 3]",
         remove},
        {"list replace",
         {list, at, new_item},
         "list<Any>",
         category,
         clause,
         "the list with the element at a position replaced",
         "list replace([2, 4, 7], 3, 6)",
         "[2, 4, 6]",
         list_replace_at},
        {"list replace",
         {list, {"match", "function<Any, Any> -> boolean"}, new_item},
         "list<Any>",
         category,
         clause,
         "the list with matching elements replaced",
         "list replace([2, 4, 7], function(item, newItem) item < newItem, 5)",
         "[5, 5, 7]",
         list_replace_matching},
        {"reverse",
         {list},
         "list<Any>",
         category,
         clause,
         "the list from its end",
         "reverse([1, 2, 3])",
         "[3, 2, 1]",
         reverse},
        {"index of",
         {list, {"match", "Any", false, false, true}},
         "list<number>",
         category,
         clause,
         "the positions of an element",
         "index of([1, 2, 3, 2], 2)",
         "[2, 4]",
         index_of},
        {"union",
         {lists},
         "list<Any>",
         category,
         clause,
         "one list of several, without repeats",
         "union([1, 2], [2, 3])",
         "[1, 2, 3]",
         union_of},
        {"distinct values",
         {list},
         "list<Any>",
         category,
         clause,
         "the list without repeats",
         "distinct values([1, 2, 3, 2, 1])",
         "[1, 2, 3]",
         distinct_values},
        {"flatten",
         {list},
         "list<Any>",
         category,
         clause,
         "the list without lists inside",
         "flatten([[1, 2], [[3]], 4])",
         "[1, 2, 3, 4]",
         flatten},
        {"sort",
         {list, {"precedes", "function<Any, Any> -> boolean"}},
         "list<Any>",
         category,
         "10.3.4.9",
         "the list in the order a function gives",
         "sort([3, 1, 2], function(x, y) x > y)",
         "[3, 2, 1]",
         sort_by},
        {"sort",
         {list},
         "list<Any>",
         category,
         "10.3.4.9",
         "the list in its natural order",
         "sort([3, 1, 2])",
         "[1, 2, 3]",
         sort_natural},
    };
}

}  // namespace zoneval::feel
