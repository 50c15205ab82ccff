#include "engine/feel/value/type.hpp"

#include <array>

#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

using Kind = Type::Kind;

struct Spelling {
    std::string_view text;
    Kind kind;
};

// Longest first where one begins another.
constexpr std::array<Spelling, 15> spellings{{{"years and months duration", Kind::years_months_duration},
                                              {"year month duration", Kind::years_months_duration},
                                              {"days and time duration", Kind::days_time_duration},
                                              {"day time duration", Kind::days_time_duration},
                                              {"date and time", Kind::date_time},
                                              {"function", Kind::function},
                                              {"boolean", Kind::boolean},
                                              {"context", Kind::context},
                                              {"number", Kind::number},
                                              {"string", Kind::string},
                                              {"range", Kind::range},
                                              {"date", Kind::date},
                                              {"time", Kind::time},
                                              {"list", Kind::list},
                                              {"Null", Kind::null}}};

class TypeReader {
  public:
    TypeReader(std::string_view text, const NamedTypes& named) : text_(text), named_(named) {}
    std::size_t at() const { return at_; }

    TypePtr read() {
        if (++depth_ > limits::type_nesting) return nullptr;
        skip_space();
        auto out = read_named();
        if (!out) out = read_standard();
        --depth_;
        return out;
    }

    void skip_space() { at_ += whitespace_length(text_.substr(at_)); }

  private:
    bool take(std::string_view token) {
        const auto before = at_;
        skip_space();
        if (text_.substr(at_).starts_with(token)) {
            at_ += token.size();
            return true;
        }
        at_ = before;
        return false;
    }

    TypePtr read_named() {
        std::size_t longest = 0;
        TypePtr found;
        for (const auto& [name, type] : named_) {
            const auto length = match_name(text_.substr(at_), name);
            if (length > longest) {
                longest = length;
                found = type;
            }
        }
        at_ += longest;
        return longest == 0 ? nullptr : found;
    }

    TypePtr read_standard() {
        if (const auto length = match_name(text_.substr(at_), "Any"); length > 0) {
            at_ += length;
            return Type::of(Kind::any);
        }
        for (const auto& spelling : spellings) {
            const auto length = match_name(text_.substr(at_), spelling.text);
            if (length == 0) continue;
            at_ += length;
            switch (spelling.kind) {
                case Kind::list:
                case Kind::range: return read_element(spelling.kind);
                case Kind::context: return read_context();
                case Kind::function: return read_function();
                default: return Type::of(spelling.kind);
            }
        }
        return nullptr;
    }

    TypePtr read_element(Kind kind) {
        Type out;
        out.kind = kind;
        if (take("<")) {
            out.element = read();
            if (!out.element || !take(">")) return nullptr;
        }
        return std::make_shared<const Type>(std::move(out));
    }

    TypePtr read_context() {
        Type out;
        out.kind = Kind::context;
        if (take("<") && !take(">")) {
            do {
                skip_space();
                const auto length = text_.substr(at_).find(':');
                if (length == std::string_view::npos) return nullptr;
                auto name = normalized_name(text_.substr(at_, length));
                at_ += length + 1;
                auto type = read();
                if (name.empty() || !type) return nullptr;
                out.members.emplace_back(std::move(name), std::move(type));
            } while (take(","));
            if (!take(">")) return nullptr;
        }
        return std::make_shared<const Type>(std::move(out));
    }

    TypePtr read_function() {
        Type out;
        out.kind = Kind::function;
        if (take("<") && !take(">")) {
            do {
                auto type = read();
                if (!type) return nullptr;
                out.members.emplace_back("", std::move(type));
            } while (take(","));
            if (!take(">")) return nullptr;
        }
        if (!take("->")) return nullptr;
        out.result = read();
        return out.result ? std::make_shared<const Type>(std::move(out)) : nullptr;
    }

    std::string_view text_;
    const NamedTypes& named_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

bool element_conforms(const TypePtr& from, const TypePtr& to) {
    if (!to || to->kind == Kind::any) return true;
    return from && conforms(*from, *to);
}

const Type* member(const Type& context, std::string_view name) {
    for (const auto& [key, type] : context.members)
        if (key == name) return type.get();
    return nullptr;
}

}  // namespace

std::string_view kind_name(Kind kind) {
    switch (kind) {
        case Kind::any: return "Any";
        case Kind::null: return "Null";
        case Kind::number: return "number";
        case Kind::string: return "string";
        case Kind::boolean: return "boolean";
        case Kind::date: return "date";
        case Kind::time: return "time";
        case Kind::date_time: return "date and time";
        case Kind::years_months_duration: return "years and months duration";
        case Kind::days_time_duration: return "days and time duration";
        case Kind::list: return "list";
        case Kind::range: return "range";
        case Kind::context: return "context";
        case Kind::function: return "function";
    }
    return "";
}

std::string Type::to_string() const {
    std::string out(kind_name(kind));
    const auto listed = [&](bool named) {
        std::string inside;
        for (const auto& [name, type] : members) {
            if (!inside.empty()) inside += ", ";
            if (named) inside += name + ": ";
            inside += type ? type->to_string() : "Any";
        }
        return inside;
    };
    switch (kind) {
        case Kind::list:
        case Kind::range: return element ? out + "<" + element->to_string() + ">" : out + "<Any>";
        case Kind::context: return members.empty() ? out : out + "<" + listed(true) + ">";
        case Kind::function: return out + "<" + listed(false) + "> -> " + (result ? result->to_string() : "Any");
        default: return out;
    }
}

TypePtr Type::parse_prefix(std::string_view text, const NamedTypes& named, std::size_t& length) {
    TypeReader reader(text, named);
    auto out = reader.read();
    length = reader.at();
    return out;
}

TypePtr Type::parse(std::string_view text, const NamedTypes& named) {
    TypeReader reader(text, named);
    auto out = reader.read();
    reader.skip_space();
    return reader.at() == text.size() ? out : nullptr;
}

TypePtr Type::of(Kind kind) {
    static const auto all = [] {
        std::array<TypePtr, 14> out;
        for (std::size_t i = 0; i < out.size(); ++i) {
            Type type;
            type.kind = static_cast<Kind>(i);
            out[i] = std::make_shared<const Type>(std::move(type));
        }
        return out;
    }();
    return all[static_cast<std::size_t>(kind)];
}

TypePtr Type::list_of(TypePtr element) {
    Type out;
    out.kind = Kind::list;
    out.element = std::move(element);
    return std::make_shared<const Type>(std::move(out));
}

TypePtr Type::range_of(TypePtr element) {
    Type out;
    out.kind = Kind::range;
    out.element = std::move(element);
    return std::make_shared<const Type>(std::move(out));
}

bool conforms(const Type& from, const Type& to) {
    if (to.kind == Kind::any || from.kind == Kind::null) return true;
    if (from.kind != to.kind) return false;
    switch (from.kind) {
        case Kind::list:
        case Kind::range: return element_conforms(from.element, to.element);
        case Kind::context:
            for (const auto& [name, type] : to.members) {
                const auto* mine = member(from, name);
                if (mine == nullptr || !conforms(*mine, *type)) return false;
            }
            return true;
        case Kind::function:
            // Parameters conform the other way round: the function must take whatever the other takes.
            if (from.members.size() != to.members.size()) return false;
            for (std::size_t i = 0; i < to.members.size(); ++i)
                if (!element_conforms(to.members[i].second, from.members[i].second)) return false;
            return !from.result || from.result->kind == Kind::any || element_conforms(from.result, to.result);
        default: return true;
    }
}

TypePtr common_type(const TypePtr& a, const TypePtr& b) {
    if (!a || !b) return Type::of(Kind::any);
    if (conforms(*a, *b)) return b;
    if (conforms(*b, *a)) return a;
    if (a->kind == Kind::list && b->kind == Kind::list) return Type::list_of(common_type(a->element, b->element));
    return Type::of(Kind::any);
}

}  // namespace zoneval::feel
