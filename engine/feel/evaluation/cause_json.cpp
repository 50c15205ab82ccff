#include "engine/feel/evaluation/cause_json.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "engine/diag/whole_number.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::string& text) { return text; }
Json json_of(std::int64_t number) { return number; }
Json json_of(Type::Kind kind) { return kind_name(kind); }
Json json_of(const Value& value) { return value.to_feel(); }
Json json_of(const Shown& shown) {
    return Json::array({json_of(shown.value), shown.decimals ? Json(*shown.decimals) : Json()});
}
Json json_of(const NullOperand& operand) { return Json::array({operand.text, operand.missing}); }
template <class T>
Json json_of(const std::vector<T>& all) {
    auto out = Json::array();
    for (const auto& one : all) out.push_back(json_of(one));
    return out;
}

/// Trees share parts: each is written once.
class Writer {
  public:
    Json write(const Cause& cause) {
        const auto place = written_.size();
        written_.emplace(&cause, place);
        auto out = Json::array({row_of(cause.fact.reason).id});
        for (const auto& argument : cause.fact.arguments)
            out.push_back(std::visit([](const auto& a) { return json_of(a); }, argument));
        Json more;
        if (cause.missing != Missing::none) more["missing"] = to_string(cause.missing);
        if (!cause.possible.empty()) more["possible"] = json_of(cause.possible);
        if (cause.low) more["from"] = cause.low->to_string();
        if (cause.high) more["to"] = cause.high->to_string();
        for (const auto& deeper : cause.because) {
            const auto known = written_.find(deeper.get());
            more["because"].push_back(known == written_.end() ? write(*deeper) : Json(known->second));
        }
        if (!more.is_null()) out.push_back(std::move(more));
        return out;
    }

  private:
    std::map<const Cause*, std::size_t> written_;
};

/// Throws Unknown for what is no cause of this version; JSON's own exceptions mean the same.
class Reader {
  public:
    struct Unknown {};

    CausePtr read(const Json& json, int depth) {
        if (depth > limits::cause_depth + 1) throw Unknown{};
        const auto place = read_.size();
        read_.emplace_back();
        const auto reason = reason_from_id(json.at(0).get<std::string>());
        if (!reason) throw Unknown{};
        const auto& row = row_of(*reason);
        Cause out;
        out.fact.reason = *reason;
        for (std::size_t i = 0; i < row.count; ++i)
            out.fact.arguments.push_back(argument(json.at(i + 1), row.parameters[i].type));
        if (json.size() > row.count + 2) throw Unknown{};
        if (json.size() == row.count + 2) read_more(json.at(row.count + 1), out, depth);
        return read_[place] = make_cause(std::move(out));
    }

  private:
    void read_more(const Json& more, Cause& out, int depth) {
        if (more.contains("missing")) {
            const auto kind = missing_from_string(more.at("missing").get<std::string>());
            if (!kind) throw Unknown{};
            out.missing = *kind;
        }
        if (more.contains("possible"))
            for (const auto& text : more.at("possible")) out.possible.push_back(value(text));
        if (more.contains("from")) out.low = Decimal::parse(more.at("from").get<std::string>());
        if (more.contains("to")) out.high = Decimal::parse(more.at("to").get<std::string>());
        if (!more.contains("because")) return;
        for (const auto& deeper : more.at("because")) {
            if (!deeper.is_number()) {
                out.because.push_back(read(deeper, depth + 1));
                continue;
            }
            const auto known = read_.at(whole_number<std::size_t>(deeper));
            if (!known) throw Unknown{};
            out.because.push_back(known);
        }
    }

    static Argument argument(const Json& json, ArgumentType type) {
        switch (type) {
            case ArgumentType::text:
            case ArgumentType::datum: return json.get<std::string>();
            case ArgumentType::count:
            case ArgumentType::year:
            case ArgumentType::past: return whole_number<std::int64_t>(json);
            case ArgumentType::type: return kind(json);
            case ArgumentType::types: {
                std::vector<Type::Kind> out;
                for (const auto& one : json) out.push_back(kind(one));
                return out;
            }
            case ArgumentType::value: return Argument(std::in_place_type<Value>, value(json));
            case ArgumentType::operands: {
                std::vector<NullOperand> out;
                for (const auto& one : json) out.push_back({one.at(0).get<std::string>(), one.at(1).get<bool>()});
                return out;
            }
            case ArgumentType::shown: {
                Shown out{value(json.at(0)), std::nullopt};
                if (!json.at(1).is_null()) out.decimals = whole_number<int>(json.at(1));
                return out;
            }
        }
        throw Unknown{};
    }

    static Type::Kind kind(const Json& json) {
        const auto text = json.get<std::string>();
        for (auto k = 0; k <= static_cast<int>(Type::Kind::function); ++k)
            if (kind_name(static_cast<Type::Kind>(k)) == text) return static_cast<Type::Kind>(k);
        throw Unknown{};
    }

    static Value value(const Json& json) {
        const auto text = json.get<std::string>();
        if (const auto number = Decimal::parse(text)) return *number;
        Diagnostics found;
        const auto tree = parse_expression(ExpressionText::of(text), {}, found);
        if (!tree) throw Unknown{};
        return evaluate(*tree, {}, {});
    }

    std::vector<CausePtr> read_;
};

}  // namespace

std::string to_json(const CausePtr& cause) {
    return cause ? Writer().write(*cause).dump(-1, ' ', false, Json::error_handler_t::replace) : "null";
}

CausePtr cause_from_json(std::string_view json) {
    try {
        return Reader().read(Json::parse(json), 0);
    } catch (const nlohmann::json::exception&) {
        return nullptr;
    } catch (const std::out_of_range&) {
        return nullptr;
    } catch (const Reader::Unknown&) {
        return nullptr;
    }
}

}  // namespace zoneval::feel
