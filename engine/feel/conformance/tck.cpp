#include "engine/feel/conformance/tck.hpp"

#include <new>

#include "engine/feel/conformance/tck_values.hpp"
#include "engine/feel/evaluation/closure.hpp"
#include "engine/feel/evaluation/evaluate_table.hpp"
#include "engine/feel/parsing/parse.hpp"

namespace zoneval::feel {

namespace {

using tck::Json;

/// A member that is text, or nothing.
std::optional<std::string> text_of(const Json& json, const char* key) {
    const auto it = json.find(key);
    if (it == json.end() || !it->is_string()) return std::nullopt;
    return it->get<std::string>();
}

const Json& member(const Json& json, const std::string& key) {
    static const Json none;
    const auto it = json.find(key);
    return it == json.end() ? none : *it;
}

/// What has been defined so far: grows binding by binding.
class Scope {
  public:
    Names names;
    std::vector<Value> frame;

    void add(std::string name, Value value, TypePtr type) {
        if (!type || value.function() != nullptr) type = value.is_null() ? nullptr : value.type();
        names.entries.push_back({std::move(name), std::move(type)});
        frame.push_back(std::move(value));
    }
};

/// Tables keep their trees for as long as the functions made of them.
struct SharedTable {
    DecisionTable table;
    std::vector<Value> frame;       ///< of the surroundings
    std::size_t parameters_at = 0;  ///< slots of the parameters, if it is a function
};

class Case {
  public:
    explicit Case(const Json& record) : record_(record) {
        for (const auto& [name, item] : member(record, "item_types").items())
            if (auto type = Type::parse(text_of(item, "type").value_or(""), scope_.names.types))
                scope_.names.types.emplace_back(name, std::move(type));
    }

    /// The first thing that could not be read, or "".
    const std::string& unread() const { return unread_; }

    Value run() {
        for (const auto& [name, value] : member(record_, "context").items()) {
            auto type = declared("input_types", name);
            auto converted = convert(tck::read_value(value), type);
            scope_.add(name, std::move(converted), std::move(type));
        }
        for (const auto& binding : member(record_, "bindings")) {
            const auto name = binding.at(0).get<std::string>();
            auto type = declared("binding_types", name);
            auto value = constrained(name, convert(bind(name, binding.at(1)), type));
            scope_.add(name, std::move(value), std::move(type));
        }
        auto value = record_.contains("rules") ? table_value(record_, {})
                                               : expression_value(record_.at("expression").get<std::string>());
        const auto result_type = text_of(record_, "result_type");
        value = convert(std::move(value), result_type ? type_of(*result_type) : nullptr);
        const auto id = text_of(record_, "id").value_or("");
        return constrained(id.substr(id.rfind('/') + 1), std::move(value));
    }

  private:
    TypePtr type_of(const std::string& text) const { return Type::parse(text, scope_.names.types); }

    TypePtr declared(const char* group, const std::string& name) const {
        const auto text = text_of(member(record_, group), name.c_str());
        return text ? type_of(*text) : nullptr;
    }

    static Value convert(Value value, const TypePtr& type) {
        if (!type) return value;
        return coerce(value, *type).value_or(Value());
    }

    /// Allowed values of a type; of a list's elements, if it is a list.
    Value constrained(const std::string& name, Value value) const {
        const auto tests = text_of(member(record_, "constraints"), name.c_str());
        if (!tests || value.is_null()) return value;
        const auto tree = parse_tests(*tests, scope_.names);
        if (!tree) return {};
        const auto allowed = [&](const Value& v) {
            auto frame = scope_.frame;
            frame.push_back(v);
            return evaluate(*tree, frame, {}).is_true();
        };
        const bool fits = allowed(value) ||
                          (value.list() != nullptr && std::all_of(value.list()->begin(), value.list()->end(), allowed));
        return fits ? value : Value();
    }

    static Names with_input(Names names) {
        names.entries.push_back({"?", nullptr});
        return names;
    }

    ExprPtr parse_tests(const std::string& text, const Names& names) const {
        Diagnostics found;
        auto tree = parse_unary_tests(ExpressionText::of(text), with_input(names), found);
        note(found);
        return tree;
    }

    void note(const Diagnostics& found) const {
        if (unread_.empty() && found.has_errors()) unread_ = found.all().front().message;
    }

    Value expression_value(const std::string& text) const {
        Diagnostics found;
        const auto source = ExpressionText::of(text);
        const auto tree = parse_expression(source, scope_.names, found);
        note(found);
        return tree ? evaluate(*tree, scope_.frame, {NullMeaning::feel, source.source}) : Value();
    }

    Value bind(const std::string& name, const Json& definition) {
        if (definition.is_string()) {
            const auto text = definition.get<std::string>();
            // The entry of a context can call itself, as a business knowledge model can.
            if (text.starts_with("function"))
                return expression_value("get value({" + feel::quoted(name) + ": " + text + "}, " + feel::quoted(name) +
                                        ")");
            return expression_value(text);
        }
        if (!definition.contains("params")) return table_value(definition.at("table"), {});
        std::vector<FunctionDefinition::Parameter> parameters;
        for (const auto& parameter : definition.at("params")) {
            const auto& type = parameter.at(1);
            parameters.push_back(
                {parameter.at(0).get<std::string>(), type.is_string() ? type_of(type.get<std::string>()) : nullptr});
        }
        return table_value(definition.at("table"), parameters);
    }

    /// The table's value, or with parameters a function of them.
    Value table_value(const Json& json, const std::vector<FunctionDefinition::Parameter>& parameters) const {
        auto shared = std::make_shared<SharedTable>();
        shared->frame = scope_.frame;
        shared->parameters_at = scope_.frame.size();
        auto names = scope_.names;
        for (const auto& parameter : parameters) names.entries.push_back({parameter.name, parameter.type});
        if (!read_table(json, with_input(names), shared->table)) return {};
        if (parameters.empty()) return evaluate(shared->table, shared->frame, {});
        auto function = std::make_shared<Closure>();
        function->parameters = parameters;
        function->native = [shared](std::span<const Value> arguments) {
            auto frame = shared->frame;
            frame.insert(frame.end(), arguments.begin(), arguments.end());
            return evaluate(shared->table, frame, {});
        };
        return FunctionPtr(std::move(function));
    }

    bool read_table(const Json& json, const Names& names, DecisionTable& out) const {
        Diagnostics found;
        const auto expression = [&](const Json& cell) {
            return parse_expression(ExpressionText::of(cell.get<std::string>()), names, found);
        };
        const auto tests = [&](const Json& cell) {
            return parse_unary_tests(ExpressionText::of(cell.get<std::string>()), names, found);
        };
        const auto optional_type = [&](const Json& item) {
            const auto text = text_of(item, "type");
            return text ? type_of(*text) : nullptr;
        };
        out.input_slot = static_cast<int>(names.entries.size()) - 1;
        const auto policy = hit_policy_from_string(json.at("hit_policy").get<std::string>());
        const auto aggregator = aggregator_from_string(text_of(json, "aggregation").value_or(""));
        if (!policy || !aggregator) return false;
        out.hit_policy = *policy;
        out.aggregator = *aggregator;
        for (const auto& input : json.at("inputs"))
            out.inputs.push_back({expression(input.at("expr")), optional_type(input),
                                  input.at("allowed").is_string() ? tests(input.at("allowed")) : nullptr});
        for (const auto& output : json.at("outputs"))
            out.outputs.push_back({text_of(output, "name").value_or(""), optional_type(output),
                                   output.at("allowed").is_string() ? tests(output.at("allowed")) : nullptr,
                                   output.at("default").is_string() ? expression(output.at("default")) : nullptr});
        for (const auto& rule : json.at("rules")) {
            DecisionTable::Rule row;
            for (const auto& cell : rule.at("in")) row.tests.push_back(tests(cell));
            for (const auto& cell : rule.at("out")) row.outputs.push_back(expression(cell));
            if (row.tests.size() != out.inputs.size() || row.outputs.size() != out.outputs.size()) return false;
            out.rules.push_back(std::move(row));
        }
        note(found);
        return !found.has_errors();
    }

    const Json& record_;
    Scope scope_;
    mutable std::string unread_;
};

std::string line(const Json& out) { return out.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string failure(const Json& id, std::string_view reason) {
    return line({{"id", id}, {"value", {{"null", true}}}, {"error", reason}});
}

/// Without the JSON library's code in brackets before its message.
std::string_view plain(std::string_view message) {
    const auto end = message.starts_with("[json.exception.") ? message.find("] ") : std::string_view::npos;
    return end == std::string_view::npos ? message : message.substr(end + 2);
}

}  // namespace

std::string run_case(std::string_view json_line) {
    Json id;
    try {
        const auto record = Json::parse(json_line);
        if (!record.is_object()) return failure(nullptr, "the line is not a JSON object");
        if (record.contains("id")) id = record.at("id");
        Case here(record);
        Json out{{"id", id}, {"value", tck::write_value(here.run())}};
        if (!here.unread().empty()) out["error"] = here.unread();
        return line(out);
    } catch (const Json::parse_error&) {
        return failure(nullptr, "the line is not JSON");
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        return failure(id, plain(error.what()));
    }
}

}  // namespace zoneval::feel
