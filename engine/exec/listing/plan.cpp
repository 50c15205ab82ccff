#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/compile/refusal.hpp"
#include "engine/exec/listing/listing.hpp"
#include "engine/exec/listing/program_text.hpp"
#include "engine/exec/results/no_history.hpp"
#include "engine/feel/syntax/print.hpp"

namespace zoneval::exec {

using Json = nlohmann::ordered_json;

namespace {

std::string_view shape_name(Shape shape) {
    return shape == Shape::number ? "number" : shape == Shape::code ? "code" : "byte";
}

std::string why(const Refusal& refusal) {
    const auto formula = refusal.formula ? fmt::format("`{}` ", feel::to_feel(*refusal.formula)) : std::string();
    switch (refusal.why) {
        case Refusal::Why::form: return formula + "is of a form without a kernel";
        case Refusal::Why::bound: return formula + "has no error bound";
        case Refusal::Why::values: return formula + "has values that columns do not hold";
        case Refusal::Why::hit_policy: return "its hit policy has no kernel for such rules";
        default: return "an outcome may be null or undeclared";
    }
}

Json instruction_of(const graph::Graph& graph, const ColumnStage& stage, const Instruction& i) {
    const auto& does = operation(i.op);
    auto operands = Json::array();
    for (std::size_t o = 0; o < does.operands; ++o)
        operands.push_back(operand_text(stage.program, i.in[o], does.reads[o], stage.strings));
    Json out{{"result", fmt::format("r{}", i.out)},
             {"shape", shape_name(does.result)},
             {"operation", does.name},
             {"operands", std::move(operands)}};
    if (auto with = payload_text(stage.program, i, stage.strings); !with.empty()) out["with"] = std::move(with);
    if (i.node >= 0) out["for"] = graph.node(i.node).name;
    return out;
}

Json stage_of(const graph::Graph& graph, const ColumnStage& stage) {
    auto code = Json::array(), columns = Json::array(), decisions = Json::array();
    for (const auto& i : stage.program.code) code.push_back(instruction_of(graph, stage, i));
    for (const auto id : stage.written) {
        const auto& column = stage.column(id);
        Json row{{"name", graph.node(id).name}, {"shape", shape_name(column.shape)}};
        if (column.shape == Shape::number) row["bound"] = bound_text(column.bound);
        columns.push_back(std::move(row));
    }
    for (const auto id : stage.decided) decisions.push_back(graph.node(id).name);
    return {{"columns", std::move(columns)},
            {"decisions", std::move(decisions)},
            {"in_doubt", stage.in_doubt.size()},
            {"looked_at_again", stage.again.size()},
            {"instructions", std::move(code)}};
}

std::string stage_text(const Json& stage, std::size_t number) {
    auto out = fmt::format("stage {}: {} instructions, {} records left to decimals, {} looked at again\n", number,
                           stage["instructions"].size(), stage["in_doubt"].get<std::size_t>(),
                           stage["looked_at_again"].get<std::size_t>());
    const auto text = [](const Json& of, const char* key) {
        return of.contains(key) ? of[key].get<std::string>() : "";
    };
    for (const auto& i : stage["instructions"]) {
        std::string with;
        for (const auto& operand : i["operands"]) with += (with.empty() ? "" : ", ") + operand.get<std::string>();
        if (i.contains("with")) with += (with.empty() ? "" : "; ") + text(i, "with");
        out += fmt::format("  {:<5} {:<6} {:<16} {:<50} # {}\n", text(i, "result"), text(i, "shape"),
                           text(i, "operation"), with, text(i, "for"));
    }
    for (const auto& column : stage["columns"])
        out += fmt::format("  column {}: {}{}\n", text(column, "name"), text(column, "shape"),
                           column.contains("bound") ? ", " + text(column, "bound") : "");
    for (const auto& decision : stage["decisions"]) out += fmt::format("  decision {}\n", decision.get<std::string>());
    return out;
}

}  // namespace

std::string list_plan(const graph::Graph& graph, const Table& table, ListingFormat form) {
    auto stages = Json::array();
    std::map<graph::NodeId, std::string> refused;
    ColumnOptions options;
    options.watch = [&](const ColumnStage& stage) {
        for (const auto& [id, refusal] : stage.refused) refused.try_emplace(id, why(refusal));
        if (!stage.program.code.empty() || !stage.written.empty()) stages.push_back(stage_of(graph, stage));
    };
    evaluate_columns(graph, table, NoHistory(), options);
    auto without = Json::array();
    for (const auto& [id, text] : refused) without.push_back({{"name", graph.node(id).name}, {"why", text}});
    if (form == ListingFormat::json)
        return Json{{"stages", std::move(stages)}, {"without_kernel", std::move(without)}}.dump(2) + "\n";
    std::string out;
    for (std::size_t s = 0; s < stages.size(); ++s) out += stage_text(stages[s], s + 1);
    for (const auto& row : without)
        out += fmt::format("without a kernel: {}: {}\n", row["name"].get<std::string>(), row["why"].get<std::string>());
    return out;
}

}  // namespace zoneval::exec
