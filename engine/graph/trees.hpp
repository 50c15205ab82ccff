// Small trees for what sugar lowers to. Every part points at the place of the sugar, where findings about it are told.
#pragma once

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::graph {

class Trees {
  public:
    Trees(const Graph& graph, Span span) : graph_(graph), span_(span) {}

    feel::ExprPtr value(feel::Value v) const { return feel::make_literal(span_, std::move(v)); }
    feel::ExprPtr name(NodeId id) const { return feel::make_name(span_, graph_.node(id).name, id); }
    feel::ExprPtr binary(feel::BinaryOp op, feel::ExprPtr a, feel::ExprPtr b) const {
        return feel::make_expr(span_, feel::Binary{op, std::move(a), std::move(b)});
    }
    feel::ExprPtr add(feel::ExprPtr a, feel::ExprPtr b) const {
        return a ? binary(feel::BinaryOp::add, std::move(a), std::move(b)) : std::move(b);  // null: the first of a sum
    }
    feel::ExprPtr subtract(feel::ExprPtr a, feel::ExprPtr b) const {
        return binary(feel::BinaryOp::subtract, std::move(a), std::move(b));
    }
    feel::ExprPtr multiply(feel::ExprPtr a, feel::ExprPtr b) const {
        return binary(feel::BinaryOp::multiply, std::move(a), std::move(b));
    }
    feel::ExprPtr divide(feel::ExprPtr a, feel::ExprPtr b) const {
        return binary(feel::BinaryOp::divide, std::move(a), std::move(b));
    }
    feel::ExprPtr negate(feel::ExprPtr a) const { return feel::make_expr(span_, feel::Negate{std::move(a)}); }
    feel::ExprPtr is_null(NodeId id) const { return binary(feel::BinaryOp::equal, name(id), value({})); }
    feel::ExprPtr choose(feel::ExprPtr condition, feel::ExprPtr then, feel::ExprPtr otherwise) const {
        return feel::make_expr(span_, feel::If{std::move(condition), std::move(then), std::move(otherwise)});
    }
    template <class... Arguments>
    feel::ExprPtr call(std::string builtin, Arguments... arguments) const {
        feel::Call out;
        out.overloads = feel::builtin_set(builtin);
        out.builtin = std::move(builtin);
        (out.arguments.push_back(std::move(arguments)), ...);
        return feel::make_expr(span_, std::move(out));
    }

    /// The same with arguments that are many: `argument(i)` gives each.
    template <class Argument>
    feel::ExprPtr call_with(std::string builtin, std::size_t count, const Argument& argument) const {
        feel::Call out;
        out.overloads = feel::builtin_set(builtin);
        out.builtin = std::move(builtin);
        for (std::size_t i = 0; i < count; ++i) out.arguments.push_back(argument(i));
        return feel::make_expr(span_, std::move(out));
    }

  private:
    const Graph& graph_;
    Span span_;
};

}  // namespace zoneval::graph
